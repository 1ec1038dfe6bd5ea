//! Opus for the decode pass: the adapter between packets of the demuxer and the decoder.

use symphonia::core::audio::{AsGenericAudioBufferRef, AudioBuffer, AudioMut, AudioSpec, GenericAudioBufferRef};
use symphonia::core::codecs::CodecInfo;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions, FinalizeResult};
use symphonia::core::codecs::registry::{RegisterableAudioDecoder, SupportedAudioCodec};
use symphonia::core::errors::{Error, Result};
use symphonia::core::packet::PacketRef;
use symphonia::core::support_audio_codec;

/// Frames of the longest packet, 120 ms at the rate that every Opus stream decodes to (RFC 6716).
const LONGEST_PACKET: usize = 5760;
const RATE: u32 = 48_000;

/// A stream of one or two channels.
pub(super) struct Opus {
    params: AudioCodecParameters,
    decoder: opus_pure::OpusDecoder,
    samples: Vec<f32>,
    buffer: AudioBuffer<f32>,
}

impl AudioDecoder for Opus {
    fn reset(&mut self) {
        // A decoder that cannot be reset goes on with what it has.
        let _ = self.decoder.reset_state();
    }

    fn codec_info(&self) -> &CodecInfo {
        static INFO: &[SupportedAudioCodec] = &[support_audio_codec!(CODEC_ID_OPUS, "opus", "Opus")];
        match INFO {
            [codec, ..] => &codec.info,
            [] => unreachable!("the list above has one entry"),
        }
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.params
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.buffer.clear();
        let frames = self
            .decoder
            .decode(packet.data, LONGEST_PACKET, &mut self.samples)
            .map_err(|_| Error::DecodeError("opus: the packet is damaged"))?;
        self.buffer.render_uninit(Some(frames));
        let samples = self.samples.get(..frames * self.decoder.channels()).unwrap_or_default();
        self.buffer.copy_from_slice_interleaved(&samples);
        Ok(self.buffer.as_generic_audio_buffer_ref())
    }

    fn finalize(&mut self) -> FinalizeResult {
        FinalizeResult::default()
    }

    fn last_decoded(&self) -> GenericAudioBufferRef<'_> {
        self.buffer.as_generic_audio_buffer_ref()
    }
}

impl RegisterableAudioDecoder for Opus {
    fn try_registry_new(params: &AudioCodecParameters, _: &AudioDecoderOptions) -> Result<Box<dyn AudioDecoder>> {
        let layout = params.channels.clone().ok_or(Error::Unsupported("opus: the channels are not said"))?;
        let channels = layout.count();
        if !(1..=2).contains(&channels) {
            return Err(Error::Unsupported("opus: more than two channels"));
        }
        let decoder = opus_pure::OpusDecoder::new(48_000, channels)
            .map_err(|_| Error::Unsupported("opus: the decoder refuses the stream"))?;
        Ok(Box::new(Self {
            params: params.clone(),
            decoder,
            samples: vec![0.0; LONGEST_PACKET * channels],
            buffer: AudioBuffer::new(AudioSpec::new(RATE, layout), LONGEST_PACKET),
        }))
    }

    fn supported_codecs() -> &'static [SupportedAudioCodec] {
        &[support_audio_codec!(CODEC_ID_OPUS, "opus", "Opus")]
    }
}
