package org.iommulab.ui.view.context;

import com.google.inject.Inject;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.scene.Parent;
import org.iommulab.bus.Pasid;
import org.iommulab.bus.SourceId;
import org.iommulab.ui.Hex;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;

/** Root, context and PASID tables. */
public final class ContextPane extends ViewPane {

  private final ContextModel model = new ContextModel();
  private final LabModel lab;
  private final Selection selection;
  private final RowTable<ContextRow> table;
  private final Feed<ContextPicture> feed;
  private boolean following;

  @Inject
  public ContextPane(LabModel lab, Selection selection, Texts texts) {
    super("context", Place.TABLES, 20, texts);
    this.lab = lab;
    this.selection = selection;
    table = new RowTable<>("context", texts);
    feed = feed(lab, () -> ContextQuery::answer, this::show);
    selection.selectedProperty().addListener((_, _, now) -> follow(now));
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(ContextPicture picture) {
    following = true;
    model.show(picture);
    following = false;
    String mode = "view.context.mode." + picture.mode().name().toLowerCase(Locale.ROOT);
    setFigures(Phrase.of("view.context.figures", Phrase.of(mode), picture.contexts()));
    follow(selection.get());
    bringSubject();
  }

  @Override
  protected Parent build() {
    table
        .outline("entry", 136, row -> Figure.of(row.title()), model::toggle)
        .column("device", 136, ContextRow::device)
        .column("type", 152, ContextRow::type)
        .column("domain", 64, ContextRow::domain)
        .column("width", 136, ContextRow::width)
        .column("target", 164, ContextRow::target)
        .column("raw", 300, ContextPane::raw)
        .rowIds(ContextRow::key)
        .changedWhen(ContextRow::changed)
        .meantWhen(this::isMeant)
        .emptyText("view.context.empty");
    table.setItems(model.rows());
    table
        .getSelectionModel()
        .selectedItemProperty()
        .addListener(
            (_, _, row) -> {
              if (row != null && !following) {
                selection.select(new Selected.Entry(row.address(), row.layout(), row.title()));
              }
            });
    return table;
  }

  private static Figure raw(ContextRow row) {
    return Figure.of(row.raw().stream().map(Hex::qword).collect(Collectors.joining(" ")));
  }

  /** Selects the entry that is selected elsewhere. */
  private void follow(Selected selected) {
    if (following) {
      return;
    }
    following = true;
    row(selected)
        .ifPresent(row -> table.getSelectionModel().clearAndSelect(model.rows().indexOf(row)));
    if (selected instanceof Selected.Nothing) {
      table.getSelectionModel().clearSelection();
    }
    following = false;
  }

  /** Brings the entry of the device that all panes show into view. */
  private void bringSubject() {
    model.rows().stream()
        .filter(this::isMeant)
        .reduce((context, pasid) -> pasid)
        .ifPresent(row -> table.bring(model.rows().indexOf(row), 3));
  }

  private boolean isMeant(ContextRow row) {
    SourceId device = lab.subject().device();
    return device != null && row.isOf(device, lab.subject().pasid());
  }

  private Optional<ContextRow> row(Selected selected) {
    return switch (selected) {
      case Selected.Entry entry ->
          model.rows().stream().filter(row -> row.address() == entry.address()).findFirst();
      case Selected.Device device ->
          model.rows().stream().filter(row -> row.isOf(device.source(), Pasid.NONE)).findFirst();
      default -> Optional.empty();
    };
  }

  @Override
  public TextTable text() {
    return table.text();
  }
}
