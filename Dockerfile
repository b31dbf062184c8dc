FROM node:20-slim AS page
WORKDIR /page
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY static static
RUN npm run build

FROM python:3.11-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libseccomp2 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home requery
WORKDIR /srv/requery
COPY pyproject.toml constraints.txt README.md ./
COPY translator translator
COPY webapp webapp
RUN pip install --no-cache-dir -c constraints.txt -e . \
    && pip install --no-cache-dir --no-deps --target .runtime-1.4 'SQLAlchemy==1.4.54'
COPY gunicorn.conf.py ./
COPY templates templates
COPY static static
COPY --from=page /page/static/build static/build
RUN mkdir .data && chown requery .data
USER requery
ENV HOST=0.0.0.0 PORT=8000
EXPOSE 8000
VOLUME /srv/requery/.data
CMD ["sh", "-c", "python -m webapp.migrate && exec gunicorn -c gunicorn.conf.py 'webapp:create_app()'"]
