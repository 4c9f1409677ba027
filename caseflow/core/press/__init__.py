"""HTML to archival PDF: letters and the auditor's files.

`engine` keeps WeasyPrint warm and closed, `resources` is all that a page may load, `pages` fills the templates,
`letter` and `case_file` are the two families of documents.
"""
