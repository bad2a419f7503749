"""The learned classifiers and the pipeline that runs them."""
