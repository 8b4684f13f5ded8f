"""The data desk: registers uploaded, mapped, imported, and what was refused."""
