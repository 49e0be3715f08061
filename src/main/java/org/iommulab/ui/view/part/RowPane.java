package org.iommulab.ui.view.part;

import java.util.List;
import java.util.function.Function;
import javafx.scene.Parent;
import org.iommulab.lab.LabView;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;

/**
 * A pane that is one table: the entries in use of a structure in memory, which may not be set up.
 * The words for that are {@code view.<id>.empty}, for one without entries {@code view.<id>.none}.
 *
 * @param <P> the answer it shows
 * @param <R> its rows
 */
public abstract class RowPane<P extends RowPane.Picture<R>, R> extends ViewPane {

  /** An answer that is rows of one structure. */
  public interface Picture<R> {

    /** Whether the structure was set up. */
    boolean exists();

    /** What it has in use. */
    List<R> rows();
  }

  private final RowTable<R> table;
  private final Feed<P> feed;
  private final EmptyNote noStructure;
  private final EmptyNote noRows;

  /** A pane in the row of tabs at the bottom; what is chosen in it is selected for all. */
  protected RowPane(
      String id,
      int order,
      LabModel lab,
      Selection selection,
      Texts texts,
      Function<LabView, P> question) {
    super(id, Place.BOTTOM, order, texts);
    table = new RowTable<>(id, texts);
    noStructure = new EmptyNote(texts, "view." + id + ".empty");
    noRows = new EmptyNote(texts, "view." + id + ".none");
    table.setPlaceholder(noStructure);
    table.whenChosen(row -> selection.select(selects(row)));
    feed = feed(lab, () -> question, this::show);
  }

  /** Gives the table its columns; called once. */
  protected abstract void furnish(RowTable<R> rows);

  /** What is selected with a row. */
  protected abstract Selected selects(R row);

  /** The figures of the header while the structure exists. */
  protected abstract Phrase figures(P picture);

  /** The tags of the header. */
  protected abstract List<Mark> marks(P picture);

  private void show(P picture) {
    table.quietly(() -> table.getItems().setAll(picture.rows()));
    table.setPlaceholder(picture.exists() ? noRows : noStructure);
    setFigures(picture.exists() ? figures(picture) : Phrase.NONE);
    setMarks(marks(picture));
  }

  @Override
  public final void shown(boolean shown) {
    feed.shown(shown);
  }

  @Override
  protected final Parent build() {
    furnish(table);
    return table;
  }

  @Override
  public final TextTable text() {
    return table.text();
  }
}
