"""C2PA manifests: what is signed, by whom, and what fails."""
