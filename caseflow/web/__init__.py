"""Flask glue and no feature: guards, forms, sessions, headers, paging, the look."""
