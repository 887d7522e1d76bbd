#!/usr/bin/env bash
# Submits a sweep to a Spark cluster: options of spark-submit, then "--", then a command of Coppice.
#   deploy/spark-submit.sh --master spark://host:7077 --executor-memory 8g -- run conf/my-sweep.conf
# Takes spark-submit from SPARK_HOME, else from the PATH. Set COPPICE_JAR to use a driver jar that lies elsewhere.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
vector='--add-modules jdk.incubator.vector'

fail() {
  printf 'deploy/spark-submit.sh: %s\n' "$1" >&2
  exit 2
}

jar=${COPPICE_JAR:-$(find "$home/sweep-driver/target" -maxdepth 1 -name 'sweep-driver*-all.jar' -print -quit 2>/dev/null || true)}
[ -n "$jar" ] && [ -f "$jar" ] || fail "there is no driver jar yet: mvn -Dmaven.test.skip=true package"

submit=${SPARK_HOME:+$SPARK_HOME/bin/}spark-submit
command -v "$submit" >/dev/null || fail "no spark-submit found: set SPARK_HOME to a Spark 4.2 installation (Scala 2.13)"

options=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  options+=("$1")
  shift
done
[ $# -gt 1 ] || fail 'usage: deploy/spark-submit.sh [options of spark-submit] -- run CONFIG'
shift

# The Vector API has to be switched on before a Java machine starts; Spark does so for its executors.
exec "$submit" --class dev.coppice.driver.Main \
  --driver-java-options "$vector -Dlog4j2.configurationFile=$home/conf/log4j2.properties" \
  "${options[@]}" "$jar" "$@"
