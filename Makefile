.PHONY: help build format test verify quickstart accuracy kernels nd4j-cuda clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build without tests
	mvn -q -B -pl sweep-driver -am -Dmaven.test.skip=true package

format: ## format the Java sources
	mvn -q -B spotless:apply

test: ## run the tests, without the other checks
	mvn -q -B test

verify: ## everything that a change must pass
	mvn -B verify

quickstart: ## the README's sweep
	./coppice run conf/quickstart.conf

accuracy: ## whole test sets against the trained accuracies; DATA=folder for checkpoints or data that do not ship
	python3 benchmarks/accuracy.py $(DATA)

kernels: build ## compile the GPU kernels for some architectures, with register and spill counts; needs NVRTC, no GPU
	ldconfig -p | grep -q libcuda.so.1 || gcc -shared -Wl,-soname,libcuda.so.1 -x c /dev/null -o gpu-worker/target/libcuda.so.1
	COPPICE_CUDA_LIBRARIES="$$COPPICE_CUDA_LIBRARIES:gpu-worker/target" java -cp "$$(cat sweep-driver/target/classpath.txt)" dev.coppice.worker.compute.cuda.KernelReport $(or $(ARCHITECTURES),75 80 90 100)

nd4j-cuda: ## driver jar whose nd4j backend computes on NVIDIA GPUs up to compute capability 8.6; fetches 610 MB
	mvn -B -ntp -Pnd4j-cuda -pl sweep-driver -am -Dmaven.test.skip=true package

clean: ## remove what was built
	mvn -q -B clean
	rm -rf .coppice
