"""From a green build to a published release: assemble privately, publish by rename. Computes no figure."""
