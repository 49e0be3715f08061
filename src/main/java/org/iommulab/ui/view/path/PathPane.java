package org.iommulab.ui.view.path;

import com.google.inject.Inject;
import java.util.List;
import javafx.application.Platform;
import javafx.scene.Parent;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;

/** The way of the last DMA request, stage by stage. */
public final class PathPane extends ViewPane {

  private final PathModel model = new PathModel();
  private final Selection selection;
  private final Feed<PathAnswer> feed;
  private boolean following;

  @Inject
  public PathPane(LabModel lab, Selection selection, Texts texts) {
    super("path", Place.PATH, 10, texts);
    this.selection = selection;
    feed = feed(lab, () -> PathQuery::answer, model::show);
    selection.selectedProperty().addListener((_, _, now) -> follow(now));
    model.highlightedProperty().addListener((_, _, _) -> positionChanged());
  }

  @Override
  public void shown(boolean shown) {
    feed.shown(shown);
  }

  @Override
  protected Parent build() {
    model.reducedMotionProperty().bind(Platform.getPreferences().reducedMotionProperty());
    var band = new BandView(texts());
    band.setOnChosen(this::chooseAddress);
    return new PathView(model, texts(), new StageStrip(model, texts(), this::choose), band);
  }

  private void choose(int index) {
    PathPicture picture = model.pictureProperty().get();
    if (picture == null) {
      return;
    }
    Stage.EntryRead read = picture.stages().get(index).entry();
    selection.select(
        read == null
            ? new Selected.Stage(index)
            : new Selected.Entry(read.address(), read.layout(), read.title()));
  }

  /**
   * Stepping moves both marks and selects what the stage read, so that tables and inspector go
   * along.
   */
  private void positionChanged() {
    PathPicture picture = model.pictureProperty().get();
    int position = model.positionProperty().get();
    if (!following
        && picture != null
        && position == model.highlightedProperty().get()
        && position >= 0) {
      choose(position);
    }
  }

  private void chooseAddress(long iova) {
    PathPicture picture = model.pictureProperty().get();
    Band band = picture == null ? null : picture.band();
    if (band != null) {
      selection.select(new Selected.DomainAddress(band.domain(), iova));
    }
  }

  private void follow(Selected selected) {
    following = true;
    highlight(selected);
    following = false;
  }

  private void highlight(Selected selected) {
    PathPicture picture = model.pictureProperty().get();
    if (picture != null && selected instanceof Selected.Entry entry) {
      for (int i = 0; i < picture.stages().size(); i++) {
        Stage.EntryRead read = picture.stages().get(i).entry();
        if (read != null && read.address() == entry.address()) {
          model.highlight(i);
          return;
        }
      }
      model.highlight(-1);
    }
  }

  @Override
  public TextTable text() {
    PathPicture picture = model.pictureProperty().get();
    return new TextTable(
        List.of("stage", "state", "place", "detail"),
        picture == null
            ? List.of()
            : picture.stages().stream()
                .map(
                    stage ->
                        List.of(
                            stage.title().in(texts()),
                            stage.state().word().in(texts()),
                            stage.place().in(texts()),
                            stage.detail().in(texts())))
                .toList());
  }
}
