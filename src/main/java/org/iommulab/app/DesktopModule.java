package org.iommulab.app;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.name.Names;
import java.util.Locale;
import java.util.concurrent.Executor;
import javafx.application.Platform;
import org.iommulab.cli.Version;
import org.iommulab.lab.LabSession;
import org.iommulab.ui.Faces;
import org.iommulab.ui.LabModel;
import org.iommulab.ui.Notices;
import org.iommulab.ui.Overlay;
import org.iommulab.ui.Selection;
import org.iommulab.ui.Texts;
import org.iommulab.ui.Theme;
import org.iommulab.ui.action.ActionControls;
import org.iommulab.ui.action.Actions;
import org.iommulab.ui.advisor.AdvisorModule;
import org.iommulab.ui.bench.BenchModule;
import org.iommulab.ui.busy.FxThread;
import org.iommulab.ui.busy.Works;
import org.iommulab.ui.casefile.CaseModule;
import org.iommulab.ui.editor.EditorModule;
import org.iommulab.ui.export.ExportModule;
import org.iommulab.ui.file.FileModule;
import org.iommulab.ui.form.FormModule;
import org.iommulab.ui.journal.JournalModule;
import org.iommulab.ui.learn.LearnModule;
import org.iommulab.ui.live.LiveModule;
import org.iommulab.ui.player.PlayerModule;
import org.iommulab.ui.practice.PracticeModule;
import org.iommulab.ui.program.ProgramModule;
import org.iommulab.ui.record.RecordModule;
import org.iommulab.ui.settings.Folders;
import org.iommulab.ui.settings.Settings;
import org.iommulab.ui.stage.StageModule;
import org.iommulab.ui.view.ViewsModule;
import org.iommulab.ui.workbench.WorkbenchModule;

/** Everything the window needs. */
public final class DesktopModule extends AbstractModule {

  private final Folders folders;

  /** A desktop that keeps its files in these folders. */
  public DesktopModule(Folders folders) {
    this.folders = folders;
  }

  @Override
  protected void configure() {
    binder().requireExplicitBindings();
    bind(Folders.class).toInstance(folders);
    bind(Settings.class);
    bind(LabModel.class);
    bind(Selection.class);
    bind(Theme.class);
    bind(Works.class);
    bind(Notices.class);
    bind(Faces.class);
    bindConstant().annotatedWith(Names.named("version")).to(Version.text());
    bind(Overlay.class);
    bind(Actions.class);
    bind(ActionControls.class);
    bind(Opening.class);
    install(new WorkbenchModule());
    install(new PlayerModule());
    install(new StageModule());
    install(new CaseModule());
    install(new LearnModule());
    install(new EditorModule());
    install(new PracticeModule());
    install(new AdvisorModule());
    install(new FileModule());
    install(new LiveModule());
    install(new ExportModule());
    install(new BenchModule());
    install(new FormModule());
    install(new JournalModule());
    install(new RecordModule());
    install(new ProgramModule());
    install(new ViewsModule());
  }

  @Provides
  @Singleton
  LabSession session() {
    return new LabSession();
  }

  @Provides
  @Singleton
  @FxThread
  Executor fxThread() {
    return Platform::runLater;
  }

  /** Words in the language chosen before, or the system's. */
  @Provides
  @Singleton
  Texts texts(Settings settings) {
    String chosen = settings.text("language", "");
    return new Texts(chosen.isEmpty() ? Locale.getDefault() : Locale.forLanguageTag(chosen));
  }
}
