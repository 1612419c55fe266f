"""The demo: landing files, accounts, case histories and servers, all invented. Nothing of it runs in production."""
