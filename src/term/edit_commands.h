// What editing keys do, in both keymaps: motion, deletion, history. readline's names for them are in brackets where
// they say more.
#pragma once

#include "term/editing.h"

namespace wscope::term::commands {

/// `count` is how often, in the other direction if it is negative; those that it means nothing to ignore it. They beep
/// if there is nothing to do, but for those that go to an end of the line.
using Command = EditRequest (*)(Editing& editing, Count count);

EditRequest to_line_begin(Editing& editing, Count count);
EditRequest to_line_end(Editing& editing, Count count);
EditRequest forward_character(Editing& editing, Count count);
EditRequest backward_character(Editing& editing, Count count);
EditRequest forward_word(Editing& editing, Count count);
EditRequest backward_word(Editing& editing, Count count);

/// To the line above in the text, at the same column; from the first one to the entry before.
EditRequest up(Editing& editing, Count count);
EditRequest down(Editing& editing, Count count);
EditRequest previous_entry(Editing& editing, Count count);
EditRequest next_entry(Editing& editing, Count count);
EditRequest first_entry(Editing& editing, Count count);
EditRequest newest_line(Editing& editing, Count count);

/// An entry that begins like what is before the cursor [history-search-backward, history-search-forward].
EditRequest search_back(Editing& editing, Count count);
EditRequest search_on(Editing& editing, Count count);

/// At the cursor, or at the column that is given.
EditRequest set_mark(Editing& editing, Count count);
EditRequest exchange_mark(Editing& editing, Count count);

/// Several characters at once are killed, one is not.
EditRequest delete_forward(Editing& editing, Count count);
EditRequest delete_backward(Editing& editing, Count count);
/// Ctrl-D.
EditRequest delete_or_end(Editing& editing, Count count);
EditRequest delete_blanks(Editing& editing, Count count);
EditRequest kill_word(Editing& editing, Count count);
EditRequest kill_word_back(Editing& editing, Count count);
/// [unix-word-rubout]
EditRequest kill_blank_word_back(Editing& editing, Count count);
/// To the end of the line, or its LF if the cursor is there.
EditRequest kill_line(Editing& editing, Count count);
/// [unix-line-discard]
EditRequest kill_line_back(Editing& editing, Count count);
EditRequest yank(Editing& editing, Count count);
EditRequest yank_pop(Editing& editing, Count count);

EditRequest undo(Editing& editing, Count count);
EditRequest undo_all(Editing& editing, Count count);
EditRequest toggle_overwrite(Editing& editing, Count count);
EditRequest insert_line_feed(Editing& editing, Count count);

EditRequest accept(Editing& editing, Count count);
/// The entry behind the one that is accepted becomes the next line [operate-and-get-next].
EditRequest accept_and_get_next(Editing& editing, Count count);
EditRequest complete(Editing& editing, Count count);
EditRequest list(Editing& editing, Count count);
EditRequest edit(Editing& editing, Count count);
EditRequest clear_screen(Editing& editing, Count count);
EditRequest quote_next(Editing& editing, Count count);

}  // namespace wscope::term::commands
