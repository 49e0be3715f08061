package org.iommulab.ui.view.path;

import com.google.inject.Inject;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import javafx.application.Platform;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import org.iommulab.bus.DmaAccess;
import org.iommulab.bus.PciDevice;
import org.iommulab.bus.SourceId;
import org.iommulab.lab.LabView;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Selected;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.lookup.DeviceName;
import org.iommulab.ui.view.part.Feed;
import org.iommulab.ui.view.part.TextTable;
import org.iommulab.ui.view.part.ViewPane;
import org.iommulab.ui.view.part.Words;
import org.iommulab.vtd.tables.ContextNode;
import org.jspecify.annotations.Nullable;

/** The way of the last DMA request, stage by stage. */
public final class PathPane extends ViewPane {

  private final PathModel model = new PathModel();
  private final Selection selection;
  private final Feed<PathAnswer> feed;
  private final LabModel lab;
  private @Nullable AskCard card;
  private final AskedWalk walks = new AskedWalk();
  private final Button askButton;
  private @Nullable DmaAccess asked;
  private long askedAt;
  private boolean following;

  @Inject
  public PathPane(LabModel lab, Selection selection, Texts texts) {
    super("path", Place.PATH, 10, texts);
    this.selection = selection;
    this.lab = lab;
    feed = feed(lab, this::question, model::show);
    askButton = Words.button(texts, "path-ask", "view.path.ask", this::showCard);
    selection.selectedProperty().addListener((_, _, now) -> follow(now));
    model.highlightedProperty().addListener((_, _, _) -> positionChanged());
  }

  /** The latest request, or the one asked about since the laboratory last moved. */
  private Function<LabView, PathAnswer> question() {
    DmaAccess request = asked;
    boolean stands = request != null && askedAt == lab.momentProperty().get().snapshot();
    return request != null && stands
        ? view -> PathQuery.asked(view, walks, request)
        : PathQuery::answer;
  }

  /** Shows what would become of a request, until the laboratory moves on. */
  public void ask(DmaAccess request) {
    asked = request;
    askedAt = lab.momentProperty().get().snapshot();
    selection.select(new Selected.Address(request.source(), request.address()));
    feed.ask();
  }

  private void showCard() {
    lab.ask(
        PathPane::devices,
        devices -> {
          AskCard asking = card == null ? new AskCard(texts(), this::ask) : card;
          card = asking;
          asking.show(askButton, devices, lab.subject());
        });
  }

  /** Devices of the machine, or the requesters a dump has context entries for. */
  private static List<AskCard.Device> devices(LabView view) {
    Stream<SourceId> all =
        view.machine().isPresent()
            ? view.machine().stream()
                .flatMap(machine -> machine.devices().stream())
                .map(PciDevice::source)
            : view.tables().contexts().stream().map(ContextNode::source);
    return all.distinct()
        .map(source -> new AskCard.Device(source, DeviceName.of(view, source)))
        .toList();
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
    return new PathView(
        model, texts(), new StageStrip(model, texts(), this::choose), band, askButton);
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
