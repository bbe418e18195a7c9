"""The course as a book: pages to read in a browser, without an installation and without network."""
