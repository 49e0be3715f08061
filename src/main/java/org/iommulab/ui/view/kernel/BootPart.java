package org.iommulab.ui.view.kernel;

import javafx.scene.Parent;
import org.iommulab.linux.boot.choice.Reason;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;

/** What boot chose and why. */
final class BootPart implements DetailView {

  private final RowTable<Reason> reasons;

  BootPart(Texts texts) {
    reasons =
        new RowTable<Reason>("kernel-reasons", texts)
            .column("subject", 190, reason -> Figure.of(said(reason.subject())))
            .column("chosen", 170, reason -> Figure.of(said(reason.chosen())))
            .column("why", 560, reason -> Figure.of(said(reason.why())))
            .rowIds(reason -> reason.subject().replace(' ', '-'));
  }

  @Override
  public Parent node() {
    return reasons;
  }

  @Override
  public void show(Detail detail) {
    if (detail instanceof Detail.Boot boot) {
      reasons.getItems().setAll(boot.reasons());
    }
  }

  @Override
  public TextTable text() {
    return reasons.text();
  }

  private static Phrase said(String english) {
    return Phrase.english("boot.", english);
  }
}
