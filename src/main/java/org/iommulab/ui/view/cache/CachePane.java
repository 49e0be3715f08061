package org.iommulab.ui.view.cache;

import java.util.Locale;
import javafx.scene.Parent;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.iommulab.vtd.cache.CacheLine;
import org.jspecify.annotations.Nullable;

/** One cache of the unit in a pane of its own. */
public final class CachePane extends ViewPane {

  private final CacheModel model = new CacheModel();
  private final Selection selection;
  private final CacheLine.Cache cache;
  private final Feed<CachePicture> feed;
  private @Nullable CacheView view;

  /**
   * A pane for one cache.
   *
   * @param id such as {@code iotlb}
   */
  public CachePane(
      String id, int order, CacheLine.Cache cache, LabModel lab, Selection selection, Texts texts) {
    super(id, Place.BOTTOM, order, texts);
    this.cache = cache;
    this.selection = selection;
    selection.selectedProperty().subscribe(this::follow);
    feed = feed(lab, () -> view -> CacheQuery.answer(view, cache), this::show);
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  private void show(CachePicture picture) {
    model.show(picture);
    setFigures(model.figures());
    setMarks(model.marks());
    if (view != null) {
      view.refresh();
    }
  }

  @Override
  protected Parent build() {
    CacheView built = new CacheView(id(), model, texts(), this::choose);
    view = built;
    return built;
  }

  private void choose(CacheCell cell) {
    selection.select(
        new Selected.Cached(cache.name().toLowerCase(Locale.ROOT), cell.set(), cell.way()));
  }

  @Override
  public TextTable text() {
    return model.text(texts());
  }

  /** Another part of the window chose a line of this cache. */
  private void follow(Selected thing) {
    if (thing instanceof Selected.Cached(String name, int set, int way)
        && name.equals(cache.name().toLowerCase(Locale.ROOT))) {
      model.choose(set, way);
    } else if (thing instanceof Selected.Nothing) {
      model.choose(-1, -1);
    }
  }
}
