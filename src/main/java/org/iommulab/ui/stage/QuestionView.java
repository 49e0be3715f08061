package org.iommulab.ui.stage;

import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.iommulab.course.Key;
import org.iommulab.course.Lesson;
import org.iommulab.course.Question;
import org.iommulab.ui.Texts;
import org.iommulab.ui.prose.Prose;
import org.jspecify.annotations.Nullable;

/** The question of a step: what can be answered, hints, what was said about it. */
final class QuestionView {

  private static final int BITS = 64;

  private final StageModel model;
  private final Texts texts;
  private final VBox box = new VBox();
  private final ScrollPane scroll = new ScrollPane(box);
  private final TextField field = new TextField();
  private @Nullable Question typedFor;

  QuestionView(StageModel model, Texts texts) {
    this.model = model;
    this.texts = texts;
    box.getStyleClass().add("lecture-question");
    box.setMinWidth(0);
    scroll.setId("stage-question");
    scroll.getStyleClass().add("lecture-scroll");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.setMinSize(0, 0);
    field.setId("stage-field");
    field.getStyleClass().add("lecture-field");
    field.textProperty().subscribe(this::typed);
    model
        .choiceProperty()
        .subscribe(
            given -> {
              if (isTyped()) {
                String text = given == null ? "" : given.toString();
                if (!field.getText().equals(text)
                    && !Objects.equals(parsed(field.getText()), given)) {
                  field.setText(text);
                }
              }
              fill();
            });
  }

  Region node() {
    return scroll;
  }

  /** How high the question is. */
  ReadOnlyDoubleProperty height() {
    return box.heightProperty();
  }

  /** Begins to count the hands for a choice, or ends it. */
  void count() {
    choice()
        .map(model::hands)
        .ifPresent(
            hands -> {
              if (hands.isCounting()) {
                hands.end();
              } else {
                hands.begin();
              }
              fill();
            });
  }

  /** The hands being counted. */
  Optional<Hands> counted() {
    return choice().map(model::hands).filter(Hands::isCounting);
  }

  private Optional<Question> choice() {
    return model
        .situation()
        .flatMap(Situation::shown)
        .filter(question -> question.kind() == Question.Kind.CHOICE);
  }

  void fill() {
    box.getChildren().clear();
    Situation now = model.situation().orElse(null);
    Question question = now == null ? null : now.shown().orElse(null);
    if (now == null || question == null) {
      why(now);
      return;
    }
    boolean open = now.open().filter(question::equals).isPresent();
    var text = new Prose("lecture-ask");
    text.show(texts.in(question.text()));
    text.setId("stage-ask");
    box.getChildren().add(text);
    if (question.kind() == Question.Kind.CHOICE) {
      options(now, question, open);
    } else if (open) {
      input(question);
    }
    said(now, question);
    hints(now, question, open);
    if (!open) {
      why(now);
    }
  }

  private String language() {
    return texts.locale().getLanguage();
  }

  // ---- choices -------------------------------------------------------------------------------

  private void options(Situation now, Question question, boolean open) {
    int number = 1;
    for (Question.Option option : question.options()) {
      box.getChildren().add(option(now, question, option, number++, open));
    }
  }

  private Node option(
      Situation now, Question question, Question.Option option, int number, boolean open) {
    var label = new Label(Prose.plain(texts.in(option.text())));
    label.setWrapText(true);
    label.setMinWidth(0);
    HBox.setHgrow(label, Priority.ALWAYS);
    label.setMaxWidth(Double.MAX_VALUE);
    var digit = new Label(String.valueOf(number));
    digit.getStyleClass().add("lecture-digit");
    digit.setMinWidth(Region.USE_PREF_SIZE);
    var line = new HBox(label, digit);
    line.setAlignment(Pos.CENTER_LEFT);
    line.getStyleClass().add("lecture-option-line");
    var button = new Button();
    button.setGraphic(new VBox(line));
    button.setId("stage-option-" + number);
    button.getStyleClass().add("lecture-option");
    button.setMaxWidth(Double.MAX_VALUE);
    button.setMnemonicParsing(false);
    button.setFocusTraversable(open);
    button.accessibleTextProperty().set(number + ". " + label.getText());
    line.prefWidthProperty().bind(button.widthProperty().subtract(28));
    // A button asks what it holds for one line only.
    button
        .widthProperty()
        .subscribe(
            width -> {
              double room = width.doubleValue() - 36 - digit.prefWidth(-1);
              if (room > 0) {
                line.setMinHeight(label.prefHeight(room));
              }
            });
    button.setOnAction(event -> model.choose(number));
    if (option.is().equals(model.choiceProperty().get())) {
      button.getStyleClass().add("chosen");
    }
    for (Situation.Try given : now.triesOf(question)) {
      if (given.given().toString().equals(option.is())) {
        button.getStyleClass().add(given.verdict().right() ? "right" : "wrong");
        digit.setText(given.verdict().right() ? "✓" : "✗");
      }
    }
    Hands hands = model.hands(question);
    if (hands.isCounting() || hands.isAny()) {
      String judged = now.triesOf(question).isEmpty() ? "" : digit.getText() + "  ";
      digit.setText(
          String.format(
              Locale.ROOT,
              "%s%d · %d %%",
              judged.matches("[✓✗].*") ? judged : "",
              hands.count(number - 1),
              Math.round(100 * hands.share(number - 1))));
      digit.setId("stage-hands-" + number);
      digit.getStyleClass().add("lecture-hands");
      button.accessibleTextProperty().set(label.getText() + ", " + digit.getText());
      ((VBox) button.getGraphic()).getChildren().add(bar(hands.share(number - 1)));
      if (hands.isCurrent(number - 1)) {
        button.getStyleClass().add("counted");
      }
    }
    return button;
  }

  /** As long as the share of the hands that went up. */
  private static Node bar(double share) {
    var bar = new Region();
    bar.getStyleClass().add("lecture-bar");
    var room = new StackPane(bar);
    room.getStyleClass().add("lecture-bar-room");
    room.setMinWidth(0);
    StackPane.setAlignment(bar, Pos.CENTER_LEFT);
    room.widthProperty().subscribe(width -> bar.setMaxWidth(width.doubleValue() * share));
    return room;
  }

  // ---- everything that is typed --------------------------------------------------------------

  private void input(Question question) {
    if (question != typedFor) {
      typedFor = null;
      field.clear();
      typedFor = question;
    }
    field.promptTextProperty().set(texts.get("stage.prompt." + kind(question)));
    box.getChildren().add(field);
    if (question.kind() == Question.Kind.ENTRY) {
      box.getChildren().add(bits());
    }
  }

  private static String kind(Question question) {
    return question.kind().name().toLowerCase(Locale.ROOT);
  }

  /** Sixteen hexadecimal digits; each opens into its four bits, which a click turns. */
  private Node bits() {
    Object given = model.choiceProperty().get();
    Long typed = given instanceof String text ? number(text) : null;
    long value = typed == null ? 0 : typed;
    var grid = new VBox();
    grid.getStyleClass().add("lecture-bits");
    for (int row = 1; row >= 0; row--) {
      var line = new HBox();
      line.getStyleClass().add("lecture-bit-line");
      for (int bit = row * 32 + 31; bit >= row * 32; bit--) {
        line.getChildren().add(bit(value, bit));
      }
      grid.getChildren().add(line);
    }
    return grid;
  }

  private Node bit(long value, int bit) {
    boolean set = (value >>> bit & 1) != 0;
    var cell = new Label(set ? "1" : "0");
    cell.setId("stage-bit-" + bit);
    cell.getStyleClass().add("lecture-bit");
    if (set) {
      cell.getStyleClass().add("set");
    }
    if (bit % 4 == 0 && bit % BITS != 0) {
      cell.getStyleClass().add("nibble");
    }
    cell.setTooltip(new javafx.scene.control.Tooltip(texts.get("stage.bit", bit)));
    cell.setOnMouseClicked(
        event -> model.choiceProperty().set("0x" + Long.toHexString(value ^ 1L << bit)));
    HBox.setHgrow(cell, Priority.ALWAYS);
    cell.setMaxWidth(Double.MAX_VALUE);
    cell.setMinWidth(0);
    return cell;
  }

  /** Whether the open question is the one that is typed into the field. */
  boolean isTyped() {
    Question question = typedFor;
    return question != null
        && model.situation().flatMap(Situation::open).filter(question::equals).isPresent();
  }

  private void typed(String text) {
    if (!isTyped()) {
      return;
    }
    Object given = parsed(text);
    if (!Objects.equals(given, model.choiceProperty().get())) {
      model.choiceProperty().set(given);
    }
  }

  /** What a typed text answers; null while it answers nothing. */
  private @Nullable Object parsed(String text) {
    Question question = typedFor;
    String plain = text.strip().replace("_", "");
    if (question == null || plain.isEmpty()) {
      return null;
    }
    return switch (question.kind()) {
      case NUMBER -> plain.matches("\\d{1,18}") ? (Object) Long.parseLong(plain) : hex(plain, true);
      case ADDRESS, ENTRY -> hex(plain, false);
      case REASON -> hex(plain.replaceAll("[hH]$", ""), false);
      case ERRNO -> plain.equalsIgnoreCase("none") ? "none" : plain.toUpperCase(Locale.ROOT);
      case CLICK -> plain.matches("\\d{1,9}") ? (Object) Long.parseLong(plain) : plain;
      case CHOICE -> null;
    };
  }

  /** A number in hexadecimal; window and lesson write addresses without a prefix. */
  private static @Nullable Object hex(String text, boolean prefixed) {
    boolean marked = text.matches("(?i)0x[0-9a-f]{1,16}");
    boolean bare = !prefixed && text.matches("(?i)[0-9a-f]{1,16}");
    return marked
        ? text.toLowerCase(Locale.ROOT)
        : bare ? "0x" + text.toLowerCase(Locale.ROOT) : null;
  }

  private static @Nullable Long number(String text) {
    return text.matches("(?i)0x[0-9a-f]{1,16}")
        ? (Long) Long.parseUnsignedLong(text.substring(2), 16)
        : null;
  }

  // ---- what is said about it -----------------------------------------------------------------

  private void said(Situation now, Question question) {
    Situation.Try last = now.last(question).orElse(null);
    if (last == null) {
      return;
    }
    Key key = now.key().orElse(null);
    if (last.verdict().right() && key != null) {
      String answer = Key.spell(question, last.given(), language());
      add(
          "lecture-right",
          texts.get(question.isPrediction() ? "stage.right-next" : "stage.right", answer));
    } else if (!last.verdict().right()) {
      String reason = last.verdict().reason().map(words -> texts.in(words)).orElse("");
      String answer = Key.spell(question, last.given(), language());
      add("lecture-wrong", texts.get("stage.wrong", answer, reason));
    }
  }

  private void hints(Situation now, Question question, boolean open) {
    int taken = now.hintsOf(question);
    for (int i = 0; i < taken; i++) {
      add("lecture-hint", texts.get("stage.hint-said", texts.in(question.hints().get(i))));
    }
    if (!open) {
      return;
    }
    var line = new HBox();
    line.getStyleClass().add("lecture-links");
    if (taken < question.hints().size()) {
      line.getChildren().add(link("stage-hint", "stage.hint", model::hint));
    }
    if (question.kind() == Question.Kind.CHOICE) {
      boolean counting = model.hands(question).isCounting();
      line.getChildren()
          .add(link("stage-count", counting ? "stage.counted" : "stage.count", this::count));
    }
    box.getChildren().add(line);
  }

  private Button link(String id, String key, Runnable action) {
    var link = new Button(texts.get(key));
    link.setId(id);
    link.getStyleClass().add("lecture-link");
    link.setMnemonicParsing(false);
    link.setOnAction(event -> action.run());
    return link;
  }

  private void why(@Nullable Situation now) {
    if (now != null && now.isDone()) {
      now.current().map(Lesson.Step::why).ifPresent(why -> add("lecture-why", texts.in(why)));
    }
  }

  private void add(String styleClass, String markdown) {
    var words = new Prose(styleClass);
    words.show(markdown);
    words.getStyleClass().add("lecture-said");
    box.getChildren().add(words);
  }

  /** Puts the keyboard where the answer goes. */
  void focus() {
    if (box.getChildren().contains(field)) {
      field.requestFocus();
      field.end();
    }
  }
}
