package org.iommulab.ui.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javax.tools.ToolProvider;
import org.iommulab.testkit.LabWindow;
import org.iommulab.testkit.OnScreen;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.settings.Folders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxToolkit;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/** What is done in the window becomes a test that passes. */
@OnScreen
final class RecordedTestTest {

  private static final String CLASS_PATH =
      String.join(
          File.pathSeparator,
          System.getProperty("java.class.path"),
          System.getProperty("jdk.module.path", ""),
          "target/test-classes",
          "target/classes");

  @TempDir private Path folder;

  private LabWindow lab;
  private Stage stage;

  @Start
  void start(Stage primary) {
    stage = primary;
    lab = LabWindow.open(primary);
  }

  private void act(String id) {
    WaitForAsyncUtils.waitForAsyncFx(
        60_000,
        () -> {
          lab.get(Actions.class).all().stream()
              .filter(action -> action.id().equals(id))
              .forEach(action -> action.run());
          return true;
        });
    lab.settle();
  }

  private String recorded() throws Exception {
    return Files.readString(lab.get(Folders.class).state().resolve("RecordedTest.java"));
  }

  /** Compiles the source and runs its test, in the same window. */
  private void run(String source) throws Exception {
    Path file = folder.resolve("RecordedTest.java");
    Files.writeString(file, source);
    int problems =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-nowarn",
                "-cp",
                CLASS_PATH,
                "-d",
                folder.toString(),
                file.toString());
    assertThat(problems).as(source).isZero();
    try (var loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      Class<?> test = loader.loadClass("RecordedTest");
      var constructor = test.getDeclaredConstructor();
      constructor.setAccessible(true);
      Object instance = constructor.newInstance();
      Method begin = test.getDeclaredMethod("start", Stage.class);
      begin.setAccessible(true);
      FxToolkit.setupFixture(
          () -> {
            try {
              begin.invoke(instance, stage);
            } catch (IllegalAccessException | InvocationTargetException e) {
              throw new IllegalStateException(e);
            }
          });
      Method body = test.getDeclaredMethod("whatWasDoneGivesTheSameCommands");
      body.setAccessible(true);
      try {
        body.invoke(instance);
      } catch (InvocationTargetException e) {
        throw new AssertionError(source, e.getCause());
      }
    }
  }

  @Test
  void gesturesOnAPresetPassWhenTheyAreRun() throws Exception {
    lab.preset("vfio-dma-map", 2);
    act("record-test");
    lab.click("#step-button");
    lab.click("#undo-button");
    lab.click("#redo-button");
    lab.show("journal");
    lab.click("#console-line");
    lab.robot().write("{\"op\":\"note\",\"text\":\"typed\"}");
    lab.press(KeyCode.ENTER);
    act("record-test");
    String code = recorded();
    assertThat(code)
        .contains(
            "lab.preset(\"vfio-dma-map\", 2);",
            "lab.click(\"#step-button\");",
            "lab.write(\"#console-line\","
                + " \"{\\\"op\\\":\\\"note\\\",\\\"text\\\":\\\"typed\\\"}\");",
            "lab.press(KeyCode.ENTER);");
    assertThat(lab.given()).isNotEmpty();
    run(code);
  }

  private void type(String id, String text) {
    lab.click(id);
    lab.robot().push(KeyCode.CONTROL, KeyCode.A);
    lab.robot().write(text);
    lab.settle();
  }

  @Test
  void everyKindOfGestureIsRepeated() throws Exception {
    lab.preset("vfio-dma-map", 3);
    act("record-test");
    lab.click("#play-button");
    lab.tick();
    lab.click("#play-button");
    lab.click("#registers-tab");
    lab.click("#registers-cell-gsts-name");
    lab.show("tree");
    lab.click("#bench-device-00-03-0");
    lab.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.P);
    lab.robot().write("undo");
    lab.settle();
    lab.press(KeyCode.ENTER);
    lab.click("#map-button");
    type("#map-iova-field", "0x40000000");
    lab.click("#map-give");
    act("record-test");
    String code = recorded();
    assertThat(code)
        .contains(
            "lab.click(\"#play-button\");",
            "lab.tick();",
            "lab.click(\"#registers-tab\");",
            "lab.click(\"#registers-cell-gsts-name\");",
            "lab.click(\"#bench-device-00-03-0\");",
            "lab.write(\"#map-iova-field\", \"0x40000000\");",
            "lab.click(\"#map-give\");",
            "lab.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.P);",
            "lab.write(\"#palette-query\", \"undo\");");
    assertThat(lab.given().toString()).contains("40000000");
    run(code);
  }

  @Test
  void aSessionOfOnesOwnIsRepeatedFirst() throws Exception {
    lab.script("{\"op\":\"note\",\"text\":\"ünï \\\"quoted\\\"\"}");
    act("record-test");
    lab.show("journal");
    lab.click("#console-line");
    lab.robot().write("{\"op\":\"reset\"}");
    lab.click("#console-run");
    act("record-test");
    assertThat(recorded()).contains("lab.script(");
    run(recorded());
  }

  /** A button that is disabled gets no mouse events, but has an id all the same. */
  @Test
  void theIdUnderThePointerIsThatOfTheTopmostNode() {
    Node undo = lab.find("#undo-button");
    assertThat(undo.isDisabled()).isTrue();
    Bounds place = undo.localToScene(undo.getBoundsInLocal());
    Node found = Pointed.at(lab.scene().getRoot(), place.getCenterX(), place.getCenterY());
    assertThat(Pointed.id(found)).contains("undo-button");
  }

  @Test
  void literalsAreJava() {
    assertThat(TestCode.literal("a\"\\\n\u00fc")).isEqualTo("\"a\\\"\\\\\\n\\u00fc\"");
    assertThat(new TestCode(java.util.Optional.empty(), List.of("x"), List.of(), List.of()).text())
        .contains("class RecordedTest");
  }
}
