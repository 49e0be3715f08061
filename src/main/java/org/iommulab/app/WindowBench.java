package org.iommulab.app;

import com.google.inject.Injector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.animation.AnimationTimer;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.control.TableView;
import javafx.scene.input.ScrollEvent;
import javafx.stage.Stage;
import org.iommulab.bench.Benchmark;
import org.iommulab.bench.Reading;
import org.iommulab.lab.LabSession;
import org.iommulab.lab.Laboratory;
import org.iommulab.lab.language.Command;
import org.iommulab.lab.language.Reading.Good;
import org.iommulab.lab.language.Result;
import org.iommulab.lab.script.Preset;
import org.iommulab.lab.script.Presets;
import org.iommulab.lab.script.Script;
import org.iommulab.memory.Page;
import org.iommulab.progress.ScratchFolder;
import org.iommulab.ui.player.PresetPlayer;
import org.iommulab.ui.settings.Folders;
import org.iommulab.ui.workbench.Workbench;
import org.iommulab.words.Bilingual;

/**
 * Measures the window itself: a real one where there is a display, else off-screen. Each workload
 * wants a virtual machine of its own, as {@code bin/iommu-lab bench} gives it.
 */
public final class WindowBench {

  /** Questions and answers until everything that was asked for is shown. */
  private static final int ROUNDS = 6;

  private static final int FRAMES = 120;
  private static final int COMMANDS = 10_000;
  private static final long PAGES = 10_000_000;

  /** How old the process was when the program began, in seconds. */
  private static double begun;

  private WindowBench() {}

  /** Makes the workloads known. */
  static void add() {
    begun = age();
    Benchmark.add("window-start", WindowBench::start);
    Benchmark.add("window-presets", WindowBench::presets);
    Benchmark.add("window-frames", WindowBench::frames);
    Benchmark.add("window-memory", WindowBench::memory);
  }

  /** A window with the first preset in it, its files in a folder of its own. */
  public static final class Opened extends Desktop {

    private static final CompletableFuture<Opened> READY = new CompletableFuture<>();

    private final Injector injector = WarmUp.injector();
    private Scene scene = new Scene(new javafx.scene.layout.Pane());

    /** Called by the toolkit. */
    public Opened() {}

    @Override
    public void start(Stage stage) {
      start(stage, injector);
      scene = stage.getScene();
      whenPainted(() -> READY.complete(this));
    }

    /** Calls back when the answers to all that was asked are painted. */
    private void whenPainted(Runnable then) {
      settled(ROUNDS, () -> frames(2, _ -> {}, then));
    }

    private void settled(int rounds, Runnable then) {
      if (rounds == 0) {
        then.run();
        return;
      }
      session()
          .change(Laboratory::position)
          .thenRun(() -> Platform.runLater(() -> settled(rounds - 1, then)));
    }

    /** Does something at the beginning of each of so many frames. */
    private void frames(int count, Consumer<Long> each, Runnable then) {
      new AnimationTimer() {
        private int left = count;

        @Override
        public void handle(long now) {
          if (left-- > 0) {
            each.accept(now);
          } else {
            stop();
            then.run();
          }
        }
      }.start();
    }

    /** Does something on the JavaFX thread and waits until what came of it is painted. */
    void andPaint(Runnable work) {
      var painted = new CompletableFuture<Boolean>();
      Platform.runLater(
          () -> {
            work.run();
            whenPainted(() -> painted.complete(true));
          });
      painted.join();
    }

    LabSession session() {
      return injector.getInstance(LabSession.class);
    }

    <T> T get(Class<T> type) {
      return injector.getInstance(type);
    }

    Node find(String id) {
      return scene.lookup(id);
    }

    void close() {
      Platform.exit();
      session().close();
    }
  }

  private static List<Reading> with(Function<Opened, List<Reading>> work) {
    if (!DesktopLauncher.hasDisplay()) {
      System.setProperty("glass.platform", "Headless");
      System.setProperty("prism.order", "sw");
    }
    ScratchFolder home;
    try {
      home = ScratchFolder.make("bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    WarmUp.start(new Folders(home.path(), home.path()), Opening.FIRST_PRESET);
    Thread.ofPlatform()
        .name("window")
        .uncaughtExceptionHandler((_, mistake) -> Opened.READY.completeExceptionally(mistake))
        .start(() -> Application.launch(Opened.class, "--preset=" + Opening.FIRST_PRESET));
    Opened window = Opened.READY.join();
    try {
      return work.apply(window);
    } finally {
      window.close();
      home.close();
    }
  }

  /** Without the time that the command line of the benchmark takes, which a window has not. */
  private static List<Reading> start() {
    double parsing = age() - begun;
    return with(
        _ ->
            List.of(
                new Reading(
                    "window-start",
                    "process start to painted content",
                    (age() - parsing) * 1e3,
                    "ms")));
  }

  /**
   * Seconds since this process was started. Linux counts both from power-on in hundredths; the
   * moment that Java tells instead is made of the second of power-on, so it may be one second off.
   */
  private static double age() {
    try {
      String stat = Files.readString(Path.of("/proc/self/stat"));
      // The name, in parentheses, may have blanks; the 22nd field is the 20th behind it.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      String uptime = Files.readString(Path.of("/proc/uptime"));
      return Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')))
          - Long.parseLong(fields[19]) / 100.0;
    } catch (IOException e) {
      // Not Linux.
      Instant begun = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
      return Duration.between(begun, Instant.now()).toNanos() / 1e9;
    }
  }

  private static List<Reading> presets() {
    return with(
        window -> {
          var times = new ArrayList<Double>();
          for (int round = 0; round < 3; round++) {
            for (Preset preset : Presets.all()) {
              double ms = ms(() -> window.andPaint(() -> load(window, preset)));
              if (round > 0) {
                times.add(ms);
              }
            }
          }
          return List.of(
              new Reading("window-presets", "to open one, median", share(times, 0.5), "ms"),
              new Reading("window-presets", "to open one, slowest", share(times, 1), "ms"));
        });
  }

  private static void load(Opened window, Preset preset) {
    window.get(PresetPlayer.class).load(preset, preset.steps().size());
  }

  private static List<Reading> frames() {
    return with(
        window -> {
          window.session().change(WindowBench::mapTenMillionPages).join();
          var between = new ArrayList<Double>();
          for (String pane : List.of("map", "tree")) {
            window.andPaint(() -> reveal(window, pane));
            between.addAll(run(window, pane));
          }
          return List.of(
              new Reading("window-frames", "between frames, median", share(between, 0.5), "ms"),
              new Reading("window-frames", "between frames, 99 %", share(between, 0.99), "ms"),
              new Reading("window-frames", "between frames, longest", share(between, 1), "ms"));
        });
  }

  private static void reveal(Opened window, String pane) {
    Workbench workbench = window.get(Workbench.class);
    workbench.panes().stream()
        .filter(each -> each.id().equals(pane))
        .findFirst()
        .ifPresent(workbench::reveal);
  }

  /** One gesture a frame: the wheel over the map, rows of a table brought into view. */
  private static List<Double> run(Opened window, String pane) {
    var between = new ArrayList<Double>();
    var done = new CompletableFuture<Boolean>();
    var random = new SplittableRandom(7);
    Platform.runLater(
        () ->
            window.frames(
                FRAMES,
                new Consumer<>() {
                  private long before = -1;

                  @Override
                  public void accept(Long now) {
                    if (before >= 0) {
                      between.add((now - before) / 1e6);
                    }
                    before = now;
                    gesture(window, pane, random);
                  }
                },
                () -> done.complete(true)));
    done.join();
    return between;
  }

  private static void gesture(Opened window, String pane, SplittableRandom random) {
    if (pane.equals("map")) {
      // Down to single pages and up again, each time elsewhere.
      List<Node> used =
          ((Parent) window.find("#map-grid"))
              .getChildrenUnmodifiable().stream()
                  .filter(box -> box.getStyleClass().contains("map-cell"))
                  .filter(box -> box.isVisible() && !box.getStyleClass().contains("free"))
                  .toList();
      if (!used.isEmpty()) {
        Node cell = used.get(random.nextInt(used.size()));
        cell.fireEvent(scroll(random.nextInt(4) == 0 ? -40 : 40));
      }
    } else if (window.find("#" + pane + "-table") instanceof TableView<?> table
        && !table.getItems().isEmpty()) {
      table.scrollTo(random.nextInt(table.getItems().size()));
    }
  }

  private static ScrollEvent scroll(double turn) {
    return new ScrollEvent(
        ScrollEvent.SCROLL,
        0,
        0,
        0,
        0,
        false,
        false,
        false,
        false,
        false,
        false,
        0,
        turn,
        0,
        turn,
        ScrollEvent.HorizontalTextScrollUnits.NONE,
        0,
        ScrollEvent.VerticalTextScrollUnits.NONE,
        0,
        0,
        null);
  }

  /** Pages of 4 KiB, on a unit that has no larger ones. */
  private static Result mapTenMillionPages(Laboratory lab) {
    String script =
        String.join(
            "\n",
            "{\"op\":\"machine\",\"board\":\"laboratory\",\"cap\":\"0x8d20780106f0466\"}",
            "{\"op\":\"linux.boot\",\"cmdline\":\"intel_iommu=on iommu.strict=1\"}",
            "{\"op\":\"call\",\"fn\":\"iommu_map\",\"args\":{\"domain\":\"nic\",\"iova\":"
                + (1L << 36)
                + ",\"paddr\":"
                + (1L << 37)
                + ",\"size\":"
                + PAGES * Page.BYTES
                + ",\"prot\":3}}",
            // What the latest command changed is marked in all panes; here it is the pages that
            // count.
            "{\"op\":\"note\",\"text\":\"mapped\"}");
    Result result =
        switch (Script.parse("bench", script)) {
          case Good<Script>(Script commands) -> lab.load(commands);
          case org.iommulab.lab.language.Reading.Bad<Script>(Bilingual sentence) ->
              new Result.Refused(sentence);
        };
    if (result instanceof Result.Refused(Bilingual sentence)) {
      throw new IllegalStateException(sentence.english());
    }
    return result;
  }

  private static List<Reading> memory() {
    return with(
        window -> {
          double first = resident();
          for (int i = 0; i < COMMANDS; i++) {
            long iova = 0x1_0040_0000L + i % 0x1000;
            window.session().submit(new Command.DmaRead("nic", iova, 4)).join();
          }
          window.andPaint(() -> {});
          double after = resident();
          return List.of(
              new Reading("window-memory", "with a preset", first, "MiB"),
              new Reading("window-memory", "after 10000 commands", after, "MiB"));
        });
  }

  /** Memory of the process that is in RAM; what the heap takes where the system does not tell. */
  private static double resident() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0;
        }
      }
    } catch (IOException e) {
      // Not Linux.
    }
    return Runtime.getRuntime().totalMemory() / 1048576.0;
  }

  private static double ms(Runnable work) {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static double share(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.round(share * (sorted.size() - 1)));
  }
}
