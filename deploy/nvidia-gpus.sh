#!/usr/bin/env bash
# Tells Spark which NVIDIA GPUs this machine has, as its resource discovery wants it: {"name": "gpu", "addresses": ["0", "1"]}.
#   spark.worker.resource.gpu.discoveryScript=/path/to/deploy/nvidia-gpus.sh      (workers of a standalone cluster)
#   spark.executor.resource.gpu.discoveryScript=/path/to/deploy/nvidia-gpus.sh    (executors on YARN or Kubernetes)
# An address is the GPU's number in the order of the PCI bus, as nvidia-smi counts; CUDA counts so with
# CUDA_DEVICE_ORDER=PCI_BUS_ID, which Coppice sets for executors.
set -euo pipefail

said=$(nvidia-smi --query-gpu=index --format=csv,noheader) || true
gpus=$(printf '%s\n' "$said" | grep -E '^ *[0-9]+ *$' | tr -d ' ' | sed 's/.*/"&"/' | paste -sd, -) || {
  echo "deploy/nvidia-gpus.sh: nvidia-smi lists no GPUs${said:+: $said}" >&2
  exit 1
}
printf '{"name": "gpu", "addresses": [%s]}\n' "$gpus"
