"""Where a release is served from besides its own files. Nothing here makes a figure or changes a release."""
