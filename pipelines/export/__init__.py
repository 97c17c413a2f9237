"""Exports: a published release in the forms that other programs and catalogues read. Nothing is computed here.

`forms` names them; `tables` writes CSV, JSON and Parquet, `sdmx` the figures with their structure, `catalogue` the DCAT
entry; `writing` puts them into one folder, whole or not at all, with a data package that names every file.
"""
