"""The staged case of the dome: media, truth and manifest beside the program that renders them."""
