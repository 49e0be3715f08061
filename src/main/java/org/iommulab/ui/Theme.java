package org.iommulab.ui;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import com.google.inject.Inject;
import com.google.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.WeakHashMap;
import javafx.application.Application;
import javafx.application.ColorScheme;
import javafx.application.Platform;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Dimension2D;
import javafx.scene.Group;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.text.Font;

/**
 * Colours, type faces and font size of all windows. AtlantaFX Primer underneath, one style sheet of
 * ours above it, and one small file of colour tokens for each variant.
 */
@Singleton
public final class Theme {

  /** What a person chooses. */
  public enum Choice {
    /** Light or dark as the system is, and changing with it. */
    SYSTEM,
    LIGHT,
    DARK,
    /** High contrast. */
    CONTRAST
  }

  /** Font size in pixels at a scale of 100 %. */
  public static final double FONT_PIXELS = 13;

  /** Smallest and largest font scale. */
  public static final double MIN_SCALE = 0.7;

  public static final double MAX_SCALE = 2.0;

  private static final String FOLDER = "/org/iommulab/assets/";
  private static final List<String> FONTS =
      List.of(
          "Inter-Regular.otf",
          "Inter-Medium.otf",
          "Inter-SemiBold.otf",
          "JetBrainsMono-Regular.ttf",
          "JetBrainsMono-Medium.ttf",
          "JetBrainsMono-Bold.ttf");

  private final ObjectProperty<Choice> choice =
      new SimpleObjectProperty<>(this, "choice", Choice.SYSTEM);
  private final DoubleProperty scale = new SimpleDoubleProperty(this, "scale", 1);
  private final ReadOnlyObjectWrapper<Palette> palette;
  private final Set<Scene> scenes = Collections.newSetFromMap(new WeakHashMap<>());

  /** Loads the type faces; call on the JavaFX thread. */
  @Inject
  public Theme() {
    for (String font : FONTS) {
      Font.loadFont(resource("fonts/" + font).toExternalForm(), FONT_PIXELS);
    }
    palette = new ReadOnlyObjectWrapper<>(this, "palette", palette(variant()));
    choice.subscribe(chosen -> apply());
    scale.subscribe(value -> scenes.forEach(scene -> size(scene.getRoot())));
    Platform.getPreferences().colorSchemeProperty().subscribe(scheme -> apply());
  }

  /** The chosen theme. */
  public ObjectProperty<Choice> choiceProperty() {
    return choice;
  }

  /** Font scale, 1 being normal; values outside the limits are drawn at the limit. */
  public DoubleProperty scaleProperty() {
    return scale;
  }

  /** The colours in use, for what is drawn rather than styled. */
  public ReadOnlyObjectProperty<Palette> paletteProperty() {
    return palette.getReadOnlyProperty();
  }

  /** The colours in use. */
  public Palette palette() {
    return palette.get();
  }

  /** Gives a scene our looks, now and whenever they change. */
  public void dress(Scene scene) {
    scenes.add(scene);
    style(scene);
    size(scene.getRoot());
  }

  /**
   * A scene of our looks. It has its style sheets before its nodes and its size before it is shown:
   * every node looks for its styles once, and nothing is laid out for a size that will not be.
   */
  public Scene scene(Parent root, Dimension2D size) {
    var scene = new Scene(new Group(), size.getWidth(), size.getHeight());
    scenes.add(scene);
    style(scene);
    size(root);
    scene.setRoot(root);
    return scene;
  }

  private void apply() {
    Choice variant = variant();
    String base =
        variant == Choice.LIGHT
            ? new PrimerLight().getUserAgentStylesheet()
            : new PrimerDark().getUserAgentStylesheet();
    if (!base.equals(Application.getUserAgentStylesheet())) {
      Application.setUserAgentStylesheet(base);
    }
    palette.set(palette(variant));
    scenes.forEach(this::style);
  }

  private Choice variant() {
    if (choice.get() != Choice.SYSTEM) {
      return choice.get();
    }
    return Platform.getPreferences().getColorScheme() == ColorScheme.DARK
        ? Choice.DARK
        : Choice.LIGHT;
  }

  private void style(Scene scene) {
    scene
        .getStylesheets()
        .setAll(
            resource("theme/" + tokenFile(variant())).toExternalForm(),
            resource("theme/theme.css").toExternalForm(),
            resource("theme/views.css").toExternalForm(),
            resource("theme/lecture.css").toExternalForm());
  }

  private void size(Parent root) {
    double factor = Math.clamp(scale.get(), MIN_SCALE, MAX_SCALE);
    root.setStyle("-fx-font-size: " + FONT_PIXELS * factor + "px;");
  }

  /** The colours of a variant. */
  static Palette palette(Choice variant) {
    try (InputStream in = resource("theme/" + tokenFile(variant)).openStream()) {
      return Palette.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tokenFile(Choice variant) {
    return "tokens-" + variant.name().toLowerCase(Locale.ROOT) + ".css";
  }

  private static URL resource(String path) {
    URL url = Theme.class.getResource(FOLDER + path);
    if (url == null) {
      throw new IllegalStateException("missing from the program: assets/" + path);
    }
    return url;
  }
}
