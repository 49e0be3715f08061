package org.iommulab.ui.view.inspector;

import com.google.inject.Inject;
import java.util.List;
import java.util.Optional;
import javafx.scene.Parent;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.lookup.FrameUse;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;

/** The selected entry, register or descriptor, bit by bit. */
public final class InspectorPane extends ViewPane {

  private final InspectorModel model = new InspectorModel();
  private final LabModel lab;
  private final Selection selection;
  private final Feed<Optional<Inspected>> feed;

  @Inject
  public InspectorPane(LabModel lab, Selection selection, Texts texts) {
    super("inspector", Place.INSPECTOR, 10, texts);
    this.lab = lab;
    this.selection = selection;
    feed =
        feed(
            lab,
            () -> {
              Selected selected = selection.get();
              return view -> Optional.ofNullable(InspectorQuery.answer(selected, view));
            },
            this::show);
    selection.selectedProperty().addListener((_, _, _) -> feed.ask());
    selection.outlinedProperty().subscribe(model.outlinedProperty()::set);
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(Optional<Inspected> inspected) {
    model.show(inspected.orElse(null));
    setFigures(inspected.map(shown -> Phrase.literal(shown.title())).orElse(Phrase.NONE));
  }

  @Override
  protected Parent build() {
    return new InspectorView(model, texts(), this::write, this::askWhoMaps, this::choose);
  }

  private void write() {
    model.commit().ifPresent(lab::submit);
  }

  private void askWhoMaps() {
    Inspected shown = model.inspectedProperty().get();
    if (shown != null && shown.frame() >= 0) {
      long frame = shown.frame();
      lab.ask(view -> FrameUse.of(view.tables(), frame), model::setFrameUses);
    }
  }

  private void choose(FrameUse use) {
    selection.select(new Selected.DomainAddress(use.domain(), use.iova()));
  }

  @Override
  public TextTable text() {
    return new TextTable(
        List.of("field", "value", "meaning"),
        model.fields().stream()
            .map(row -> List.of(row.name(), row.figure(), row.meaning().in(texts())))
            .toList());
  }
}
