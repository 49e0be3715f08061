package org.iommulab.ui.file;

import java.util.List;
import java.util.Optional;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Script;
import org.iommulab.progress.Progress;
import org.iommulab.words.Bilingual;

/**
 * What became of a script's commands on a fresh laboratory.
 *
 * @param done how many were carried out
 * @param refused how many were not
 * @param why the sentence of the first refusal
 */
record CarriedOut(int done, int refused, Optional<Bilingual> why) {

  /** Starts afresh and gives every command. */
  static CarriedOut afresh(Laboratory lab, Script script) {
    lab.clear();
    return onto(lab, script.commands());
  }

  /** Gives every command to a laboratory as it is. */
  static CarriedOut onto(Laboratory lab, List<Command> commands) {
    int done = 0;
    int refused = 0;
    Optional<Bilingual> why = Optional.empty();
    for (Command command : commands) {
      Progress.report(done + refused, commands.size());
      if (lab.execute(command) instanceof Result.Refused(Bilingual sentence)) {
        refused++;
        why = why.or(() -> Optional.of(sentence));
      } else {
        done++;
      }
    }
    return new CarriedOut(done, refused, why);
  }

  /** This, and what came after it. */
  CarriedOut and(CarriedOut later) {
    return new CarriedOut(done + later.done, refused + later.refused, why.or(() -> later.why));
  }
}
