// The steps of a case: a small language for what is sent to an endpoint, and what is waited for.
//
//     frame 3 fin=0 hello | failed 1002
//
// There is one step between two bars. Where a text is wanted it is the rest of the step, without the blanks around it;
// in it, \n, \x00 and other escapes are read as C has them, and {target}, {host}, {scheme} and {sample} stand for parts
// of the plain request and for the message that the endpoint is known to take.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "wire/frame.h"

namespace wscope::check {

enum class Verb : std::uint8_t {
  // --- the opening handshake's request, before it is sent
  method,   ///< TEXT
  target,   ///< TEXT
  version,  ///< TEXT, "HTTP/1.0"
  line,     ///< TEXT: the whole request line
  set,      ///< NAME: VALUE, in place of the field of that name, or behind the others
  also,     ///< NAME: VALUE, behind the others
  drop,     ///< NAME
  first,    ///< TEXT: a line behind the request line
  before,   ///< TEXT in front of everything
  body,     ///< TEXT behind the head
  lf,       ///< lines end with LF
  lower,    ///< names are in lower case
  plain,    ///< no upgrade is asked for
  filler,   ///< N: a field of so many bytes
  fillers,  ///< N: so many short fields
  offer,    ///< TEXT: the extensions asked for
  fresh,    ///< begins a new request, on the same connection
  way,      ///< TEXT: the connection is made in another way (check/way.h); the first step, if at all
  // --- what is sent
  ask,         ///< the request
  cut,         ///< N: so many bytes of it
  again,       ///< it, once more
  frame,       ///< OPCODE [fin=0] [rsv=N] [mask=no|yes|HEX] [len=N] [form=16|64] [PAYLOAD]
  close,       ///< [CODE [TEXT]]: a Close
  fragments,   ///< SIZE|/N text|binary PAYLOAD: a message in fragments of so many bytes, or in so many
  repeated,    ///< N STEP: a frame, so many times
  raw,         ///< HEX
  compressed,  ///< text|binary [fin=0] PAYLOAD: a message, or its first fragment, with the extension agreed on
  burst,       ///< N: so many compressed messages of all sizes
  message,     ///< text|binary PAYLOAD: the frames before were this message, which would be echoed
  bytewise,    ///< from here on, byte by byte
  whole,       ///< no longer
  gap,         ///< MS: a pause between what is before and what follows
  fin,         ///< our half is closed
  rst,         ///< the connection is reset
  pause,       ///< nothing is read
  resume,      ///< it is read again
  unanswered,  ///< its Close is not answered
  // --- to a client
  agree,   ///< TEXT: what its offer is answered with; the case is left out if it does not offer that
  answer,  ///< [STATUS|early]: a 101 that is right but for what was changed, or a refusal; early: with what follows
  // --- what is waited for
  open,         ///< a 101
  basic,        ///< a 101 that is right
  refused,      ///< [STATUS…]: a refusal; a 4xx, or else only such
  not_opened,   ///< anything but a 101
  may_refuse,   ///< [STATUS…]: a refusal passes; behind a 101 it goes on
  either,       ///< [STATUS…] a 101 or a refusal, either is told
  told,         ///< whatever is answered is told
  answered,     ///< a whole answer that leaves the connection usable; if it does not, that passes
  reply,        ///< WORD: a property of the 101 or of the refusal
  handled,      ///< [CODE…]: it lives, and echoes what was sent if it echoes; an application may refuse it, and a
                ///< Close with one of these codes passes
  ignored,      ///< [CODE…]: it lives; a Close with one of these codes passes
  ponged,       ///< PAYLOAD: a Pong
  each_ponged,  ///< N: so many Pongs; fewer are told
  soon,         ///< MS PAYLOAD: a Pong so soon, or it is worth a warning
  echoed,       ///< [CODE…]: what was sent comes back; a Close with one of these codes is told
  failed,       ///< [CODE…]: the connection is failed, with the first of these codes or another of them
  closed,       ///< the connection is failed in whichever way
  closes,       ///< a Close that answers ours
  settle,       ///< MS: the connection ends, or some time goes by
  not_ponged,   ///< PAYLOAD: there was no Pong
  not_echoed,   ///< there was no echo
  one_close,    ///< there was one Close
  ended,        ///< MS [MS]: TCP ends within this time; within the other one it is worth a warning
  not_ended,    ///< MS: TCP does not end within this time
  no_answer,    ///< MS: nothing is answered
  tell_end,     ///< MS: when and how it ends is told
  tell_pings,   ///< MS: how often it sends Pings is told
  tell,         ///< MS: how it takes what was sent is told
  tell_close,   ///< how it answers our Close is told
  tell_idle,    ///< MS: how long it stands that nothing is said is told
  tell_echo,    ///< MS: whether all comes back is told
  beats,        ///< N MS: so many Pings, each so long behind the one before, or once that was answered
  measured,     ///< WORD: what their times say, or how the stream has ended
  endless,      ///< MS: fragments of a message without an end, for so long; a Close 1009 or 1008 passes
  lives,        ///< nothing more is to come: whether the endpoint lives is seen by another connection
  // --- of a client
  asked,          ///< a request
  request,        ///< WORD: a property of it
  silent,         ///< MS: nothing comes behind it
  rejected,       ///< our answer is no opening
  may_reject,     ///< if it is none, that passes
  tell_open,      ///< whether it is one is told
  tell_redirect,  ///< whether another connection is made is told
  backoff,        ///< it connects again, and waits before that as it should
  unasked,        ///< no request comes, as it does not like our certificate
};

/// One of them, with what it needs.
struct Step {
  Verb verb = Verb::ask;
  std::string text{};                    ///< a text, a payload, a word
  std::vector<std::uint16_t> numbers{};  ///< statuses, close codes
  std::uint64_t count = 0;               ///< N, SIZE, CODE
  base::Duration time{};                 ///< MS
  base::Duration other_time{};           ///< the second one
  wire::Header header{};                 ///< of a frame; its length only if length_given
  bool length_given = false;             ///< of a Close: it has a code; of fragments: their number is given
  bool mask_given = false;               ///< else frames are masked as they have to be
};

/// Reads a program. An error, of kind usage, names the step.
[[nodiscard]] base::Result<std::vector<Step>> parse_program(std::string_view program);

/// What a payload stands for: "fill:N" is a text of so many bytes, "fill:N:binary" all bytes in turn, "zeros:N" so
/// many bytes that are 0, "hex:…" bytes,
/// and anything else a text with escapes. {} are not read here. Nothing if it is not that.
[[nodiscard]] base::Result<std::string> read_payload(std::string_view text);

}  // namespace wscope::check
