# For python:*-slim-bookworm: Debian's own Python 3.11 on `debootstrap --variant=minbase bookworm`.
FROM scratch
ADD rootfs.tar /
ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
CMD ["python3"]
