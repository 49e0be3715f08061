package org.iommulab.ui.journal;

import java.util.List;
import javafx.beans.value.ObservableIntegerValue;
import javafx.css.PseudoClass;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import org.iommulab.lab.JournalEntry;
import org.iommulab.ui.Role;
import org.iommulab.ui.VirtualTime;
import org.jspecify.annotations.Nullable;

/** One command with its number, its time and what came of it. */
final class JournalCell extends ListCell<JournalEntry> {

  private static final PseudoClass UNDONE = PseudoClass.getPseudoClass("undone");

  private final ObservableIntegerValue position;
  private final Label number = new Label();
  private final Label time = new Label();
  private final Label sign = new Label();
  private final Label command = new Label();
  private final Label result = new Label();
  private final HBox line = new HBox(number, time, sign, command, result);

  JournalCell(ObservableIntegerValue position) {
    this.position = position;
    number.getStyleClass().addAll("mono", "muted", "journal-number");
    time.getStyleClass().addAll("mono", "muted", "journal-time");
    sign.getStyleClass().addAll("mono", "journal-sign");
    command.getStyleClass().add("mono");
    result.getStyleClass().addAll("mono", "muted");
    for (Label part : List.of(number, time, command, result)) {
      part.setMinWidth(Region.USE_PREF_SIZE);
    }
    line.getStyleClass().add("journal-line");
    position.subscribe(() -> dim(getItem()));
  }

  @Override
  protected void updateItem(@Nullable JournalEntry entry, boolean empty) {
    super.updateItem(entry, empty);
    dim(empty ? null : entry);
    if (empty || entry == null) {
      setGraphic(null);
      setAccessibleText(null);
      return;
    }
    number.setText(Integer.toString(entry.index()));
    time.setText(VirtualTime.words(entry.timeNs()));
    boolean good = entry.result().succeeded();
    sign.setText(good ? "✓" : "×");
    sign.getStyleClass().removeAll(Role.OK.styleClass(), Role.BAD.styleClass());
    sign.getStyleClass().add(good ? Role.OK.styleClass() : Role.BAD.styleClass());
    command.setText(entry.command().toJson());
    result.setText(entry.resultJson());
    setAccessibleText(entry.index() + " " + command.getText() + " " + result.getText());
    setGraphic(line);
  }

  private void dim(@Nullable JournalEntry entry) {
    pseudoClassStateChanged(UNDONE, entry != null && entry.index() >= position.get());
  }
}
