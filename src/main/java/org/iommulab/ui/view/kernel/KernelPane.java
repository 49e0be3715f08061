package org.iommulab.ui.view.kernel;

import com.google.inject.Inject;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javafx.beans.binding.Bindings;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Parent;
import javafx.scene.layout.BorderPane;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.EmptyNote;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.Figure;
import org.iommulab.ui.view.part.Phrase;
import org.iommulab.ui.view.part.RowTable;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;

/** The parts of the kernel in figures at the left; the chosen one in full at the right. */
public final class KernelPane extends ViewPane {

  /** Width in rows' heights below which there is little room. */
  private static final double ROOM = 28;

  private final Feed<KernelPicture> feed;
  private final ObservableList<KernelPicture.Row> rows = FXCollections.observableArrayList();
  private final Map<KernelPart, DetailView> views = new EnumMap<>(KernelPart.class);
  private final RowTable<KernelPicture.Row> parts;
  private final BorderPane content = new BorderPane();
  private final EmptyNote noKernel;
  private KernelPart chosen = KernelPart.BOOT;
  private int domain;

  @Inject
  public KernelPane(LabModel lab, Texts texts) {
    super("kernel", Place.BOTTOM, 70, texts);
    parts = new RowTable<>("kernel", texts);
    noKernel = new EmptyNote(texts, "view.kernel.empty");
    feed =
        feed(
            lab,
            () -> {
              KernelPart wanted = chosen;
              int ofDomain = domain;
              return view -> KernelQuery.answer(view, wanted, ofDomain);
            },
            this::show);
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(KernelPicture picture) {
    boolean booted = !picture.rows().isEmpty();
    parts.quietly(
        () -> {
          rows.setAll(picture.rows());
          if (booted) {
            parts.getSelectionModel().clearAndSelect(chosen.ordinal());
          }
        });
    content.setLeft(booted ? parts : null);
    DetailView view = view(chosen);
    content.setCenter(booted ? view.node() : noKernel);
    view.show(picture.detail());
    setFigures(booted ? figures(rows.get(chosen.ordinal())) : Phrase.NONE);
  }

  private static Phrase figures(KernelPicture.Row row) {
    Phrase said =
        row.figures().marks().isEmpty()
            ? row.figures().text()
            : row.figures().marks().getFirst().text();
    return Phrase.join(List.of(row.part().title(), said), " · ");
  }

  private DetailView view(KernelPart part) {
    return views.computeIfAbsent(
        part,
        kind ->
            switch (kind) {
              case BOOT -> new BootPart(texts());
              case IOVA -> new IovaPart(texts(), this::chooseDomain);
              case FLUSH -> new FlushPart(texts());
              case SWIOTLB -> new SlotPart(texts());
              case TABLES -> new TablesPart(texts());
              case DMA -> new DmaPart(texts());
            });
  }

  private void chooseDomain(int id) {
    domain = id;
    feed.ask();
  }

  @Override
  protected Parent build() {
    parts
        .column("part", 126, row -> Figure.of(row.part().title()))
        .column("figures", 158, KernelPicture.Row::figures)
        .rowIds(row -> row.part().key());
    parts.setItems(rows);
    // With little room only the parts' names; the header has the figures of the chosen one.
    parts
        .getColumns()
        .getLast()
        .visibleProperty()
        .bind(
            Bindings.createBooleanBinding(
                () -> content.getWidth() > ROOM * parts.getFixedCellSize(),
                content.widthProperty(),
                parts.fixedCellSizeProperty()));
    parts.beAsWideAsColumns();
    parts.getStyleClass().add("chooser");
    parts.whenChosen(
        row -> {
          if (row.part() != chosen) {
            chosen = row.part();
            feed.ask();
          }
        });
    content.setCenter(noKernel);
    return content;
  }

  @Override
  public void lookAt(String part) {
    for (KernelPart each : KernelPart.values()) {
      if (each.key().equals(part) && each != chosen) {
        chosen = each;
        feed.ask();
      }
    }
  }

  @Override
  public TextTable text() {
    return view(chosen).text();
  }
}
