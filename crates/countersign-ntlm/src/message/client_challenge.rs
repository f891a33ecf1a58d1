//! [`ClientChallenge`].

use super::{MessageError, TargetInfo};

/// How many bytes stand before the attributes.
pub(crate) const ANSWER_HEAD: usize = 28;

/// NTLMv2_RESPONSE with the NTLMv2_CLIENT_CHALLENGE in it: MS-NLMP, sections 2.2.2.7 and 2.2.2.8.
#[derive(Clone, Copy)]
pub struct ClientChallenge<'a> {
    proof: [u8; 16],
    temp: &'a [u8],
    target_info: TargetInfo<'a>,
}

impl<'a> ClientChallenge<'a> {
    /// Reads the NT response of a type 3 message.
    ///
    /// # Errors
    ///
    /// [`MessageError::Malformed`] if it is not one of NTLMv2, or its attributes are not sound.
    pub fn read(response: &'a [u8]) -> Result<Self, MessageError> {
        const NOT_V2: MessageError = MessageError::Malformed("its response is not one of NTLMv2");
        let (proof, temp) = response.split_first_chunk().ok_or(NOT_V2)?;
        if !temp.starts_with(&[1, 1]) {
            return Err(NOT_V2);
        }
        let (_, info) = temp.split_at_checked(ANSWER_HEAD).ok_or(NOT_V2)?;
        let (target_info, rest) = TargetInfo::read_front(info)?;
        if rest.iter().any(|byte| *byte != 0) {
            return Err(MessageError::Malformed("something follows its attributes"));
        }
        Ok(Self {
            proof: *proof,
            temp,
            target_info,
        })
    }

    /// The proof that the client knows the password.
    pub fn proof(&self) -> [u8; 16] {
        self.proof
    }

    /// All that the proof covers beside the server's challenge.
    pub fn temp(&self) -> &'a [u8] {
        self.temp
    }

    /// What the client says of itself and of the server.
    pub fn target_info(&self) -> TargetInfo<'a> {
        self.target_info
    }
}

impl std::fmt::Debug for ClientChallenge<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientChallenge")
            .field("target_info", &self.target_info)
            .finish_non_exhaustive()
    }
}
