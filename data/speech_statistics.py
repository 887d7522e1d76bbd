"""Mean and divisor of every step of Speech Commands 35, as the loaders of S4 and S5 normalise by them: for input_statistics of a model's
config.json (docs/tasks.md). Needs numpy; keeps two numbers a step in memory.

python3 data/speech_statistics.py FOLDER > statistics.txt
"""
import pathlib
import sys
import wave

import numpy

STEPS = 16000
SCALE = 2.0**30  # torchaudio divides by 2^15, and the loaders do it once more
WORDS = """bed cat down five forward go house left marvin no on right sheila tree up visual yes backward bird dog eight follow four happy
learn nine off one seven six stop three two wow zero""".split()


def second(path):
    with wave.open(str(path), "rb") as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, STEPS), path
        samples = numpy.frombuffer(sound.readframes(STEPS), "<i2").astype(numpy.float64) / SCALE
    return numpy.pad(samples, (0, STEPS - len(samples)))


def main():
    folder = pathlib.Path(sys.argv[1])
    others = {line.strip() for name in ("validation_list.txt", "testing_list.txt") for line in (folder / name).open()}
    count, mean, squares = 0, numpy.zeros(STEPS), numpy.zeros(STEPS)
    for word in WORDS:
        for path in sorted((folder / word).iterdir()):
            if f"{word}/{path.name}" not in others:
                count += 1
                x = second(path)
                step = x - mean
                mean += step / count  # Welford
                squares += step * (x - mean)
    if count < 2:
        sys.exit(f"{folder}: {count} files for training; the standard deviation needs two")
    for m, s in zip(mean, numpy.sqrt(squares / (count - 1))):
        print(repr(float(m)), repr(float(s + 1e-5)))


main()
