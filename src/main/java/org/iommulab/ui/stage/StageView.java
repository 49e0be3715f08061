package org.iommulab.ui.stage;

import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.value.ObservableValue;
import javafx.event.EventHandler;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import org.iommulab.course.Lesson;
import org.iommulab.lab.JournalEntry;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Face;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.Tips;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.prose.Prose;
import org.iommulab.ui.view.part.LabPane;
import org.iommulab.ui.view.part.Words;

/**
 * The window while a lesson is given: caption band, question, and the panes that the step shows.
 */
@Singleton
public final class StageView implements Face {

  /** The window that letters of this size were chosen for. */
  private static final double WIDTH = 1280;

  private static final double HEIGHT = 800;

  /** Letters of the stage against those of the workbench. */
  private static final double LARGER = 1.15;

  /** The caption band gets this share of the height at least, so that panes do not jump. */
  private static final double CAPTION_LEAST = 0.25;

  /** And this share at most. */
  private static final double CAPTION_MOST = 0.45;

  private final StageModel model;
  private final PresetPlayer player;
  private final LabModel lab;
  private final Texts texts;
  private final Theme theme;
  private final StagePanes panes;
  private final QuestionView question;
  private final BorderPane root = new BorderPane();
  private final Label title = new Label();
  private final Label place = new Label();
  private final HBox dots = new HBox();
  private final Label right = new Label();
  private final Button back = new Button();
  private final Button forward = new Button();
  private final Prose heading = new Prose("lecture-heading");
  private final Prose note = new Prose("lecture-note");
  private final Label command = new Label();
  private final Label keys = new Label();
  private final Overlay overlay;
  private final EventHandler<KeyEvent> keyHandler = this::key;
  private double scaleBefore = 1;
  private boolean fullScreenBefore;
  private boolean isShown;

  @Inject
  public StageView(
      StageModel model,
      PresetPlayer player,
      LabModel lab,
      Set<LabPane> all,
      Texts texts,
      Theme theme,
      Overlay overlay) {
    this.model = model;
    this.overlay = overlay;
    this.player = player;
    this.lab = lab;
    this.texts = texts;
    this.theme = theme;
    panes = new StagePanes(all, texts);
    question = new QuestionView(model, texts);
    build();
    model.situationProperty().subscribe(now -> fill());
    model.choiceProperty().subscribe(given -> buttons());
    texts.localeProperty().subscribe(locale -> fill());
  }

  @Override
  public String id() {
    return "stage";
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public ObservableValue<String> title() {
    return Bindings.createStringBinding(
        () -> model.situation().map(this::title).orElse(""),
        model.situationProperty(),
        texts.localeProperty());
  }

  private String title(Situation now) {
    Lesson lesson = now.lesson();
    return texts.get(
        "session.preset", texts.in(lesson.title()), now.step() + 1, lesson.steps().size());
  }

  @Override
  public ReadOnlyBooleanProperty showingProperty() {
    return model.showingProperty();
  }

  @Override
  public void show() {
    model.open();
  }

  @Override
  public void leave() {
    model.leave();
  }

  private void build() {
    root.setId("stage");
    root.getStyleClass().add("lecture");
    root.setMinSize(0, 0);
    root.setTop(new VBox(top(), caption()));
    root.setCenter(panes.node());
    root.setBottom(bottom());
    root.widthProperty().subscribe(width -> size());
    root.heightProperty().subscribe(height -> size());
  }

  private Node top() {
    title.setId("stage-title");
    title.getStyleClass().add("strong");
    title.setMinWidth(0);
    place.setId("stage-place");
    place.getStyleClass().add("muted");
    place.setMinWidth(Region.USE_PREF_SIZE);
    dots.setId("stage-dots");
    dots.getStyleClass().add("lecture-dots");
    dots.setAlignment(Pos.CENTER_LEFT);
    dots.setMinWidth(Region.USE_PREF_SIZE);
    right.setId("stage-right");
    right.getStyleClass().add("muted");
    right.setMinWidth(Region.USE_PREF_SIZE);
    back.setId("stage-back");
    back.setOnAction(event -> model.back());
    forward.setId("stage-forward");
    forward.getStyleClass().add("primary");
    forward.setOnAction(event -> model.forward());
    back.setMinWidth(Region.USE_PREF_SIZE);
    forward.setMinWidth(Region.USE_PREF_SIZE);
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    var line = new HBox(title, place, space, dots, right, back, forward);
    line.setAlignment(Pos.CENTER_LEFT);
    line.getStyleClass().add("lecture-top");
    return line;
  }

  private Node caption() {
    var words = new VBox(heading, note);
    words.getStyleClass().add("lecture-words");
    words.setMinWidth(0);
    heading.setId("stage-heading");
    note.setId("stage-note");
    var scroll = new ScrollPane(words);
    scroll.setId("stage-words");
    scroll.getStyleClass().add("lecture-scroll");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setMinSize(0, 0);
    Region ask = question.node();
    var band = new HBox(scroll, ask);
    band.getStyleClass().add("lecture-caption");
    band.setMinSize(0, 0);
    // The words need more room than the question.
    scroll.prefWidthProperty().bind(root.widthProperty().multiply(0.6));
    ask.prefWidthProperty().bind(root.widthProperty().multiply(0.4));
    HBox.setHgrow(ask, Priority.ALWAYS);
    // As high as the words or the question need, within limits, so that panes get the rest.
    var needed =
        Bindings.createDoubleBinding(
            () ->
                Math.clamp(
                    Math.max(words.getHeight(), question.height().get()) + 2,
                    root.getHeight() * CAPTION_LEAST,
                    Math.max(1, root.getHeight() * CAPTION_MOST)),
            words.heightProperty(),
            question.height(),
            root.heightProperty());
    band.prefHeightProperty().bind(needed);
    band.minHeightProperty().bind(needed);
    band.maxHeightProperty().bind(needed);
    return band;
  }

  private Node bottom() {
    command.setId("stage-command");
    Words.mayShorten(command);
    lab.factsProperty()
        .subscribe(
            facts ->
                lab.ask(
                    view -> lastSaid(view.journal().subList(0, view.position())),
                    command::setText));
    keys.setMinWidth(Region.USE_PREF_SIZE);
    var space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    var line = new HBox(command, space, keys);
    line.setId("stage-bottom");
    line.getStyleClass().add("lecture-bottom");
    return line;
  }

  /**
   * The latest answer or deed that is in effect; checkpoints and rewinds are the stage's own, and
   * what a rewind took back is not in effect any more.
   */
  private static String lastSaid(List<JournalEntry> journal) {
    String backTo = "";
    for (JournalEntry entry : journal.reversed()) {
      switch (entry.command()) {
        case Command.Rewind(String to) -> backTo = backTo.isEmpty() ? to : backTo;
        case Command.Checkpoint(String name) -> backTo = backTo.equals(name) ? "" : backTo;
        case Command.Expect _, Command.Note _ -> {
          // Not this one.
        }
        case Command said -> {
          if (backTo.isEmpty()) {
            return said.toJson();
          }
        }
      }
    }
    return "";
  }

  @Override
  public void shown(boolean showing) {
    if (showing == isShown) {
      return;
    }
    isShown = showing;
    Scene scene = root.getScene();
    if (showing) {
      scaleBefore = theme.scaleProperty().get();
      fill();
      size();
      if (scene != null) {
        scene.addEventFilter(KeyEvent.KEY_PRESSED, keyHandler);
        if (scene.getWindow() instanceof Stage window) {
          fullScreenBefore = window.isFullScreen();
        }
      }
      root.requestFocus();
    } else {
      player.pause();
      panes.hide();
      if (scene != null) {
        scene.removeEventFilter(KeyEvent.KEY_PRESSED, keyHandler);
        if (scene.getWindow() instanceof Stage window
            && window.isFullScreen()
            && !fullScreenBefore) {
          window.setFullScreen(false);
        }
      }
      theme.scaleProperty().set(scaleBefore);
    }
  }

  /** Letters grow with the window, from what a person has chosen. */
  private void size() {
    if (!isShown || root.getWidth() <= 0) {
      return;
    }
    double fit = Math.min(root.getWidth() / WIDTH, root.getHeight() / HEIGHT);
    double wanted = Math.max(1, scaleBefore) * LARGER * Math.clamp(fit, 0.85, 2);
    theme.scaleProperty().set(Math.clamp(wanted, Theme.MIN_SCALE, Theme.MAX_SCALE));
  }

  private void fill() {
    if (!isShown) {
      return;
    }
    Optional<Situation> situation = model.situation();
    situation.ifPresent(this::fill);
    question.fill();
    buttons();
    keys();
  }

  private void keys() {
    keys.setText(texts.get(question.counted().isPresent() ? "stage.keys.hands" : "stage.keys"));
  }

  private void fill(Situation now) {
    Lesson lesson = now.lesson();
    title.setText(texts.in(lesson.title()));
    place.setText(texts.get("lesson.step", now.step() + 1, lesson.steps().size()));
    right.setText(
        now.answered() == 0 ? "" : texts.get("stage.score", now.rightAtOnce(), now.answered()));
    now.current()
        .ifPresent(
            step -> {
              heading.show(texts.in(step.title()));
              note.show(texts.in(step.note() == null ? lesson.goal() : step.note()));
              panes.show(step);
            });
    dots(now);
  }

  private void dots(Situation now) {
    dots.getChildren().clear();
    for (int i = 0; i < now.lesson().steps().size(); i++) {
      var dot = new Region();
      dot.getStyleClass().add("lecture-dot");
      int step = i;
      String state = now.standing(step).name().toLowerCase(Locale.ROOT);
      dot.getStyleClass().add(step == now.step() ? "current" : state);
      Tips.on(dot, () -> texts.get("stage.dot." + state, step + 1));
      dot.setOnMouseClicked(event -> player.goTo(step));
      dots.getChildren().add(dot);
    }
  }

  private void buttons() {
    Situation now = model.situation().orElse(null);
    back.setText(texts.get("stage.back"));
    back.setDisable(now == null || now.isFirst());
    boolean answers = now != null && now.open().isPresent() && model.choiceProperty().get() != null;
    forward.setText(texts.get(answers ? "stage.answer" : "stage.next"));
    forward.setDisable(now == null || (now.isLast() && !answers));
  }

  /** A clicker sends page keys; digits choose; letters help; Esc goes back to where one was. */
  private void key(KeyEvent event) {
    boolean typing = event.getTarget() instanceof javafx.scene.control.TextInputControl;
    if (event.isShortcutDown() || event.isAltDown() || overlay.isOpen() || pressesOther(event)) {
      return;
    }
    KeyCode code = event.getCode();
    Hands hands = typing ? null : question.counted().orElse(null);
    boolean taken =
        hands != null && count(hands, event)
            || switch (code) {
              case PAGE_DOWN, ENTER -> run(model::forward);
              case PAGE_UP -> run(model::back);
              case ESCAPE -> run(this::escape);
              case F11 -> run(this::toggleFullScreen);
              case F9 -> run(model::leave);
              default -> !typing && letter(event);
            };
    if (taken) {
      event.consume();
    }
  }

  /** Whether Enter is for a button that is not of the stage, such as the answer to a message. */
  private boolean pressesOther(KeyEvent event) {
    if (event.getCode() != KeyCode.ENTER || !(event.getTarget() instanceof ButtonBase button)) {
      return false;
    }
    for (Parent each = button.getParent(); each != null; each = each.getParent()) {
      if (each == root) {
        return false;
      }
    }
    return true;
  }

  /** While hands are counted, digits are hands, and what goes forward goes to the next option. */
  private boolean count(Hands hands, KeyEvent event) {
    boolean taken =
        switch (event.getCode()) {
          case ENTER, TAB, DOWN, RIGHT, PAGE_DOWN -> run(() -> hands.move(1));
          case UP, LEFT, PAGE_UP -> run(() -> hands.move(-1));
          case ADD, PLUS, EQUALS -> run(() -> hands.add(1));
          case SUBTRACT, MINUS -> run(() -> hands.add(-1));
          case BACK_SPACE, DELETE -> run(hands::erase);
          case C, ESCAPE -> run(hands::end);
          default -> event.getCode().isDigitKey() && run(() -> hands.type(digit(event)));
        };
    if (taken) {
      question.fill();
      keys();
    }
    return taken;
  }

  private static int digit(KeyEvent event) {
    String name = event.getCode().getName();
    return name.charAt(name.length() - 1) - '0';
  }

  private boolean letter(KeyEvent event) {
    if (event.getCode().isDigitKey()) {
      // What is typed is typed into the field, wherever the keyboard was.
      return run(question.isTyped() ? question::focus : () -> model.choose(digit(event)));
    }
    return switch (event.getCode()) {
      case RIGHT -> run(model::forward);
      case LEFT -> run(model::back);
      case H -> run(model::hint);
      case C -> run(this::countHands);
      case A -> run(question::focus);
      default -> false;
    };
  }

  private void countHands() {
    question.count();
    keys();
  }

  private static boolean run(Runnable action) {
    action.run();
    return true;
  }

  private void escape() {
    Scene scene = root.getScene();
    if (scene != null
        && scene.getWindow() instanceof Stage window
        && window.isFullScreen()
        && !fullScreenBefore) {
      window.setFullScreen(false);
    } else {
      model.leave();
    }
  }

  private void toggleFullScreen() {
    Scene scene = root.getScene();
    if (scene != null && scene.getWindow() instanceof Stage window) {
      window.setFullScreen(!window.isFullScreen());
    }
  }
}
