"""The MFCC features, the same for training here and for vosk (conf/mfcc.conf)."""

import kaldi_native_fbank
import numpy as np
import numpy.typing as npt

RATE = 8000
DIMENSION = 40
# Middle of the first 25 ms window; one frame per 10 ms after it.
FIRST_FRAME_MS = 12.5
FRAME_MS = 10.0


def options() -> "kaldi_native_fbank.MfccOptions":
    """`model_files.MFCC_CONF` as kaldi-native-fbank writes it.

    dither = 0: the same sound always gives the same words. libvosk and this agreed to 1.7e-6 per
    frame, summed over the network's scores.
    """
    chosen = kaldi_native_fbank.MfccOptions()
    chosen.frame_opts.samp_freq = RATE
    chosen.frame_opts.dither = 0
    chosen.frame_opts.snip_edges = True
    chosen.mel_opts.num_bins = DIMENSION
    chosen.mel_opts.low_freq = 40
    chosen.mel_opts.high_freq = 3800
    chosen.num_ceps = DIMENSION
    chosen.use_energy = False
    return chosen


def mfcc(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    """int16 at 8000 Hz -> (frames, 40)."""
    extractor = kaldi_native_fbank.OnlineMfcc(options())
    extractor.accept_waveform(RATE, samples.astype(np.float32).tolist())
    extractor.input_finished()
    frames = [extractor.get_frame(k) for k in range(extractor.num_frames_ready)]
    return np.stack(frames) if frames else np.zeros((0, DIMENSION), np.float32)
