// Writes to where it is told, be there memory or none.
extern "C" __global__ void fault(int *place) {
    *place = 1;
}
