package org.iommulab.ui.view.path;

import java.util.List;
import javafx.animation.AnimationTimer;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.iommulab.ui.Chip;
import org.iommulab.ui.Hex;
import org.iommulab.ui.Role;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.EmptyNote;
import org.iommulab.ui.view.part.Words;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignP;

/** Header line, strip of stages and band; or a note while no request was made. */
final class PathView extends VBox {

  /** Room for the scroll bar of a way that is wider than the window, in pixels. */
  private static final double SCROLL_BAR = 14;

  /** Gaps between the parts of the header line, in pixels. */
  private static final double GAPS = 64;

  private final PathModel model;
  private final Texts texts;
  private final Label request = Words.figures();
  private final Chip outcome = new Chip("", Role.MUTED);
  private final Label summary = new Label();
  private final Label earlier = new Label();
  private final HBox header = new HBox();
  private final FlowPane details = new FlowPane();
  private final HBox buttons = new HBox(2);
  private final ScrollPane way;
  private final HBox bandLine = new HBox();
  private final Label bandTitle = new Label();
  private final Label bandRange = Words.figures("muted");
  private final BandView band;
  private final Button ask;
  private final EmptyNote empty;
  private final AnimationTimer timer;

  PathView(PathModel model, Texts texts, StageStrip strip, BandView band, Button ask) {
    this.model = model;
    this.ask = ask;
    this.texts = texts;
    this.way = new ScrollPane(strip);
    this.band = band;
    setId("path-content");
    getStyleClass().add("path-view");
    empty = new EmptyNote(texts, "view.path.empty");
    earlier.getStyleClass().addAll("muted", "small");
    earlier.setId("path-earlier");
    timer =
        new AnimationTimer() {
          @Override
          public void handle(long now) {
            model.pulse(now);
          }
        };
    buildHeader();
    buildBand();
    way.getStyleClass().add("stage-scroll");
    way.setFitToWidth(true);
    way.setVbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    way.setPannable(true);
    way.minHeightProperty()
        .bind(
            strip
                .heightProperty()
                .add(
                    Bindings.when(strip.widthProperty().greaterThan(way.widthProperty().add(1)))
                        .then(SCROLL_BAR)
                        .otherwise(0)));
    model
        .highlightedProperty()
        .addListener((_, _, index) -> strip.bringIntoView(way, index.intValue()));
    // A request is read from its beginning, or from where it was stopped.
    strip.widthProperty().addListener((_, _, _) -> strip.bringIntoView(way, model.opening()));
    way.widthProperty().addListener((_, _, _) -> strip.bringIntoView(way, model.opening()));
    model.pictureProperty().addListener((_, _, _) -> strip.bringIntoView(way, model.opening()));
    // The same height with and without a request: nothing below moves when one comes.
    var middle = new StackPane(way, empty);
    middle.getStyleClass().add("path-way");
    middle.setMinHeight(Region.USE_PREF_SIZE);
    empty.managedProperty().bind(empty.visibleProperty());
    var bandPlace = new StackPane(bandLine);
    bandPlace.getStyleClass().add("band-place");
    getChildren().addAll(header, middle, bandPlace);
    model.playingProperty().addListener((_, _, playing) -> run(playing));
    model.pictureProperty().addListener((_, _, _) -> show());
    var note = model.whenProperty().map(when -> when != PathAnswer.When.NOW);
    earlier.visibleProperty().bind(note);
    earlier.managedProperty().bind(note);
    earlier
        .textProperty()
        .bind(
            Bindings.createStringBinding(
                () -> texts.get(noteKey(model.whenProperty().get())),
                model.whenProperty(),
                texts.localeProperty()));
    texts.localeProperty().addListener((_, _, _) -> show());
    show();
  }

  private static String noteKey(PathAnswer.When when) {
    return when == PathAnswer.When.ASKED ? "view.path.asked" : "view.path.earlier";
  }

  private void run(boolean playing) {
    if (playing) {
      timer.start();
    } else {
      timer.stop();
    }
  }

  private void buildHeader() {
    Label title = Words.label(texts, "view.path.title", "path-title");
    title.setMinWidth(Region.USE_PREF_SIZE);
    request.setId("path-request");
    outcome.setId("path-outcome");
    summary.setId("path-summary");
    summary.getStyleClass().add("muted");
    for (Label part : List.of(request, earlier, summary)) {
      part.setMinWidth(Region.USE_PREF_SIZE);
    }
    Button back =
        Words.iconButton(
            texts,
            "path-step-back",
            "view.path.back",
            MaterialDesignC.CHEVRON_LEFT,
            model::stepBack);
    Button step =
        Words.iconButton(
            texts, "path-step", "view.path.step", MaterialDesignC.CHEVRON_RIGHT, model::step);
    Button play =
        Words.iconButton(texts, "path-play", "view.path.play", MaterialDesignP.PLAY, model::play);
    buttons.getChildren().addAll(back, play, step);
    var ends = new HBox(8, ask, buttons);
    ends.setAlignment(Pos.CENTER);
    buttons.setAlignment(Pos.CENTER);
    details.getStyleClass().add("path-details");
    details.getChildren().addAll(request, outcome, earlier, summary);
    details
        .prefWrapLengthProperty()
        .bind(
            header
                .widthProperty()
                .subtract(title.widthProperty())
                .subtract(ends.widthProperty())
                .subtract(GAPS));
    HBox.setHgrow(details, Priority.ALWAYS);
    header.getStyleClass().add("path-header");
    header.getChildren().addAll(title, details, ends);
  }

  private void buildBand() {
    bandLine.getStyleClass().add("band-line");
    bandTitle.getStyleClass().add("muted");
    bandTitle.setMinWidth(Region.USE_PREF_SIZE);
    bandRange.setMinWidth(Region.USE_PREF_SIZE);
    bandRange.setId("path-band-range");
    HBox.setHgrow(band, Priority.ALWAYS);
    bandLine.getChildren().addAll(bandTitle, band, bandRange);
  }

  private void show() {
    PathPicture picture = model.pictureProperty().get();
    details.setVisible(picture != null);
    buttons.setDisable(picture == null);
    way.setVisible(picture != null);
    empty.setVisible(picture == null);
    showBand(picture == null ? null : picture.band());
    if (picture != null) {
      request.setText(picture.request().in(texts));
      outcome.setText(picture.outcome().in(texts));
      outcome.setRole(picture.outcome().role());
      summary.setText(picture.summary().in(texts));
    }
  }

  private void showBand(@Nullable Band shown) {
    bandLine.setVisible(shown != null);
    band.show(shown);
    if (shown != null) {
      bandTitle.setText(texts.get("view.path.band", Hex.plain(shown.domain(), 2)));
      bandRange.setText(Hex.range(shown.first(), shown.last()));
    }
  }
}
