package org.iommulab.ui.view.kernel;

import java.util.List;
import java.util.stream.IntStream;
import javafx.scene.Parent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.iommulab.linux.boot.choice.Reason;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;

/** What boot chose and why, beside what the kernel printed. */
final class BootPart implements DetailView {

  private record Line(int number, String text) {}

  private final RowTable<Reason> reasons;
  private final RowTable<Line> log;
  private final HBox both;

  BootPart(Texts texts) {
    reasons =
        new RowTable<Reason>("kernel-reasons", texts)
            .column("subject", 150, reason -> Figure.of(reason.subject()))
            .column("chosen", 110, reason -> Figure.of(reason.chosen()))
            .column("why", 250, reason -> Figure.of(reason.why()))
            .rowIds(reason -> reason.subject().replace(' ', '-'));
    log =
        new RowTable<Line>("kernel-log", texts)
            .column("line", 900, line -> Figure.of(line.text()))
            .rowIds(line -> Integer.toString(line.number()));
    reasons.setPrefWidth(520);
    reasons.setMinWidth(400);
    log.getStyleClass().add("beside");
    HBox.setHgrow(log, Priority.ALWAYS);
    both = new HBox(reasons, log);
  }

  @Override
  public Parent node() {
    return both;
  }

  @Override
  public void show(Detail detail) {
    if (detail instanceof Detail.Boot boot) {
      List<String> lines = boot.log();
      boolean longer = lines.size() > log.getItems().size();
      reasons.getItems().setAll(boot.reasons());
      log.getItems()
          .setAll(
              IntStream.range(0, lines.size()).mapToObj(i -> new Line(i, lines.get(i))).toList());
      if (longer) {
        log.scrollTo(lines.size() - 1);
      }
    }
  }

  @Override
  public TextTable text() {
    return reasons.text();
  }
}
