# For temporalio/ui: something that answers.
ARG BASE
FROM $BASE
USER nobody
WORKDIR /srv
CMD ["python3", "-m", "http.server", "8080"]
