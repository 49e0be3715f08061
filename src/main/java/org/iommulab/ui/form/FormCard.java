package org.iommulab.ui.form;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import org.iommulab.lab.language.Command;
import org.iommulab.ui.Ids;
import org.iommulab.ui.Texts;
import org.iommulab.ui.form.FormField.Choice;
import org.iommulab.words.Bilingual;
import org.jspecify.annotations.Nullable;

/** A form on screen: fields, the command they make, the button that gives it. */
final class FormCard extends VBox {

  private static final PseudoClass WRONG = PseudoClass.getPseudoClass("wrong");

  private final Form form;
  private final Texts texts;
  private final Label problem = new Label();
  private final Label script = new Label();
  private final Button give = new Button();
  private final List<Runnable> uses = new ArrayList<>();
  private final Map<String, Node> controls = new HashMap<>();
  private @Nullable Node first;

  FormCard(Form form, Texts texts, Consumer<List<Command>> onGive, Runnable onClose) {
    this.form = form;
    this.texts = texts;
    setId(form.id() + "-form");
    getStyleClass().addAll("floating", "form-card");
    var title = new Label(form.title(texts));
    title.getStyleClass().add("strong");
    title.setWrapText(true);
    title.setMinHeight(Region.USE_PREF_SIZE);
    script.setId(form.id() + "-script");
    script.getStyleClass().addAll("mono", "form-script");
    script.setWrapText(true);
    problem.setId(form.id() + "-problem");
    problem.getStyleClass().add("form-problem");
    problem.setWrapText(true);
    script.setMinHeight(Region.USE_PREF_SIZE);
    problem.setMinHeight(Region.USE_PREF_SIZE);
    // However long a command is, the buttons below it stay in the window.
    ScrollPane preview = scrolled(script);
    preview.getStyleClass().add("form-preview");
    showIfSaid(preview, script);
    showIfSaid(problem, problem);
    give.setId(form.id() + "-give");
    give.setText(form.give(texts));
    give.setDefaultButton(true);
    give.setOnAction(
        event -> {
          if (form.draft() instanceof Draft.Ready(List<Command> commands)) {
            onGive.accept(commands);
          }
        });
    var close = new Button(texts.get("form.close"));
    close.setId(form.id() + "-close");
    close.setCancelButton(true);
    close.setOnAction(event -> onClose.run());
    var buttons = new HBox(8, give, close);
    getChildren().addAll(title, scrolled(grid()), problem, preview, buttons);
    check();
  }

  private static void showIfSaid(Node shown, Label text) {
    shown.managedProperty().bind(shown.visibleProperty());
    shown.visibleProperty().bind(text.textProperty().isNotEmpty());
  }

  /** Puts the keyboard into the first field. */
  void start() {
    if (first != null) {
      first.requestFocus();
    }
  }

  /** Forms of many fields scroll, and those of few in a window with little room. */
  private static ScrollPane scrolled(Node content) {
    var scroll =
        new ScrollPane(content) {
          /** The skin rounds down: a form with room for itself would scroll by a pixel. */
          @Override
          protected double computePrefHeight(double width) {
            return super.computePrefHeight(width) + 1;
          }
        };
    scroll.getStyleClass().add("form-scroll");
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    return scroll;
  }

  private GridPane grid() {
    var grid = new GridPane(12, 8);
    int row = 0;
    for (FormField field : form.fields()) {
      var name = new Label(name(field.id()));
      name.getStyleClass().add("muted");
      name.setMinWidth(Region.USE_PREF_SIZE);
      Node control = control(field);
      control.setId(Ids.of(form.id() + "-" + field.id() + "-field"));
      name.setLabelFor(control);
      controls.put(field.id(), control);
      GridPane.setHgrow(control, Priority.ALWAYS);
      grid.addRow(row++, name, control);
      uses.add(
          () -> {
            boolean used = form.isUsed(field);
            name.setDisable(!used);
            control.setDisable(!used);
          });
      field.value().addListener((value, was, is) -> check());
      if (first == null) {
        first = control;
      }
    }
    return grid;
  }

  /** A field's words; fields without words keep the name that scripts give them. */
  private String name(String field) {
    return texts.has("form." + field) ? texts.get("form." + field) : field;
  }

  private Node control(FormField field) {
    return switch (field.kind()) {
      case TEXT -> {
        var text = new TextField();
        text.getStyleClass().add("mono");
        text.textProperty().bindBidirectional(field.value());
        yield text;
      }
      case CHECK -> {
        var check = new CheckBox();
        check.setSelected(field.isChecked());
        check.selectedProperty().subscribe(on -> field.value().set(Boolean.toString(on)));
        yield check;
      }
      case CHOICE -> choice(field);
    };
  }

  private static ComboBox<Choice> choice(FormField field) {
    var box = new ComboBox<Choice>();
    box.setMaxWidth(Double.MAX_VALUE);
    box.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(@Nullable Choice choice) {
            return choice == null ? "" : choice.shown();
          }

          @Override
          public @Nullable Choice fromString(String text) {
            return null;
          }
        });
    box.getItems().setAll(field.choices());
    field.choices().stream()
        .filter(choice -> choice.value().equals(field.get()))
        .findFirst()
        .ifPresent(box::setValue);
    box.valueProperty()
        .subscribe(
            choice -> {
              if (choice != null) {
                field.value().set(choice.value());
              }
            });
    return box;
  }

  private void check() {
    uses.forEach(Runnable::run);
    switch (form.draft()) {
      case Draft.Ready ready -> say("", ready.script(), "");
      case Draft.Refused(String field, Bilingual sentence) -> say(texts.in(sentence), "", field);
      case Draft.Unfinished(String field, String problemKey) ->
          say(
              problemKey.equals(WordForm.REQUIRED)
                  ? texts.get(problemKey, name(field))
                  : texts.get(problemKey),
              "",
              field);
    }
  }

  /** Says what is wrong, and marks the field with it; or shows the commands. */
  private void say(String wrong, String commands, String field) {
    problem.setText(wrong);
    script.setText(commands);
    give.setDisable(commands.isEmpty());
    controls.forEach(
        (id, control) -> {
          boolean isWrong = id.equals(field);
          control.pseudoClassStateChanged(WRONG, isWrong);
          control.setAccessibleHelp(isWrong ? wrong : null);
        });
  }
}
