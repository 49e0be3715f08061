package org.iommulab.ui.form;

import java.util.List;
import org.iommulab.lab.language.Command;
import org.iommulab.words.Bilingual;

/** What the fields of a form say so far. */
sealed interface Draft {

  /** Commands that can be given. */
  record Ready(List<Command> commands) implements Draft {

    /** The commands as lines of a script. */
    String script() {
      return String.join("\n", commands.stream().map(Command::toJson).toList());
    }
  }

  /**
   * A field that is not right yet.
   *
   * @param field its id
   * @param problemKey key of the sentence that says why
   */
  record Unfinished(String field, String problemKey) implements Draft {}

  /**
   * All is filled in, but it makes no command.
   *
   * @param field the id of the field with the mistake; empty if it is not known
   * @param sentence says why
   */
  record Refused(String field, Bilingual sentence) implements Draft {}
}
