package org.iommulab.ui.form;

import com.google.inject.Inject;
import java.util.List;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Result;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.words.Bilingual;

/** Gives commands and tells only what needs words. */
final class Giver {

  private final LabModel model;
  private final Notices notices;
  private final Texts texts;

  @Inject
  Giver(LabModel model, Notices notices, Texts texts) {
    this.model = model;
    this.notices = notices;
    this.texts = texts;
  }

  void give(List<Command> commands) {
    commands.forEach(this::give);
  }

  void give(Command command) {
    model.submit(command, this::tell);
  }

  /** A command that was carried out shows itself in the panes; only a refusal needs words. */
  void tell(Result result) {
    if (result instanceof Result.Refused(Bilingual sentence)) {
      notices.tell(Role.BAD, () -> texts.get("refused", sentence));
    } else {
      notices.dismiss();
    }
  }
}
