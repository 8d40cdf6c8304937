"""The pages for the company's own people: flows as pictures, and the reference of their language."""
