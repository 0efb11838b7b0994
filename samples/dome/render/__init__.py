"""Renders the staged case: `python -m samples.dome.render OUT`. Seeded; numpy, OpenCV and PyAV only.

Everything is drawn from geometry and textures made here. No footage, photograph or recording of any real
place, person or event is used.
"""
