package org.iommulab.ui.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.iommulab.course.Lesson;
import org.iommulab.course.Show;
import org.iommulab.ui.Texts;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.view.part.Words;

/**
 * The panes that a step shows. The path goes on top, as wide as the window; one or two others stand
 * beside each other, of three the last two below each other. Panes are borrowed from the workbench.
 */
final class StagePanes {

  private static final String PATH = "path";

  private final Set<LabPane> all;
  private final Texts texts;
  private final BorderPane root = new BorderPane();
  private List<LabPane> shown = List.of();

  StagePanes(Set<LabPane> all, Texts texts) {
    this.all = all;
    this.texts = texts;
    root.getStyleClass().add("lecture-panes");
    root.setMinSize(0, 0);
  }

  Region node() {
    return root;
  }

  /** Shows the panes of a step. */
  void show(Lesson.Step step) {
    List<LabPane> wanted =
        step.show().stream().map(Show::pane).distinct().flatMap(id -> find(id).stream()).toList();
    if (!wanted.equals(shown)) {
      arrange(wanted);
    }
    for (Show show : step.show()) {
      show.text("part").ifPresent(part -> find(show.pane()).forEach(pane -> pane.lookAt(part)));
    }
  }

  private void arrange(List<LabPane> wanted) {
    hide();
    shown = wanted;
    var frames = new ArrayList<Region>();
    for (LabPane pane : wanted) {
      if (pane.id().equals(PATH)) {
        root.setTop(path(pane));
      } else {
        frames.add(frame(pane));
      }
    }
    root.setCenter(arranged(frames));
    wanted.forEach(pane -> pane.shown(true));
  }

  /** Gives the panes back. */
  void hide() {
    shown.forEach(pane -> pane.shown(false));
    shown = List.of();
    root.setTop(null);
    root.setCenter(null);
  }

  private List<LabPane> find(String id) {
    return all.stream().filter(pane -> pane.id().equals(id)).toList();
  }

  private static Region arranged(List<Region> frames) {
    if (frames.size() < 3) {
      return row(frames);
    }
    var right = new VBox(frames.get(1), frames.get(2));
    right.getStyleClass().add("lecture-stack");
    right.setMinSize(0, 0);
    VBox.setVgrow(frames.get(1), Priority.ALWAYS);
    VBox.setVgrow(frames.get(2), Priority.ALWAYS);
    return row(List.of(frames.get(0), right));
  }

  private static Region row(List<Region> regions) {
    var row = new HBox();
    row.setMinSize(0, 0);
    row.getStyleClass().add("lecture-row");
    for (Region region : regions) {
      // Equal shares, whatever the content would like.
      region.setPrefWidth(0);
      region.setMinWidth(0);
      HBox.setHgrow(region, Priority.ALWAYS);
      row.getChildren().add(region);
    }
    if (!regions.isEmpty()) {
      regions.getLast().getStyleClass().add("last");
    }
    return row;
  }

  private Region path(LabPane pane) {
    var box = new VBox(pane.node());
    box.setId("stage-path");
    box.getStyleClass().add("lecture-path");
    box.setMinHeight(Region.USE_PREF_SIZE);
    return box;
  }

  private Region frame(LabPane pane) {
    var title = new Label();
    title.getStyleClass().add("pane-title");
    title
        .textProperty()
        .bind(texts.observe(pane.titleKey()).map(words -> words.toUpperCase(Locale.ROOT)));
    title.setMinWidth(Region.USE_PREF_SIZE);
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    Label figures = Words.fitting(pane.figures());
    figures.getStyleClass().add("pane-figures");
    var header = new HBox(title, space, figures);
    header.getStyleClass().add("pane-header");
    Node content = pane.node();
    VBox.setVgrow(content, Priority.ALWAYS);
    var frame = new VBox(header, content);
    frame.setId("stage-" + pane.id());
    frame.getStyleClass().add("lecture-pane");
    frame.setMinSize(0, 0);
    frame.setPrefHeight(0);
    if (content instanceof Region region && region.getContentBias() == Orientation.VERTICAL) {
      region.setMinWidth(0);
    }
    return frame;
  }
}
