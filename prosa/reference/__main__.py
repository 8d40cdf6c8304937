"""`python -m prosa.reference`: write the reference pages anew."""

from prosa.reference.pages import main

main()
