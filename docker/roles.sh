#!/bin/sh
# Runs once, on an empty PostgreSQL volume: the three roles and the database they share.
set -eu
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
	--set owner="$OWNER_PASSWORD" --set web="$WEB_PASSWORD" --set worker="$WORKER_PASSWORD" <<'SQL'
CREATE ROLE marketplace_owner LOGIN PASSWORD :'owner';
CREATE ROLE marketplace_web LOGIN PASSWORD :'web';
CREATE ROLE marketplace_worker LOGIN PASSWORD :'worker';
CREATE DATABASE marketplace OWNER marketplace_owner;
REVOKE CONNECT ON DATABASE marketplace FROM PUBLIC;
GRANT CONNECT ON DATABASE marketplace TO marketplace_web, marketplace_worker;
SQL
