package org.iommulab.ui.file;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.action.ActionSource;

/** Opening, saving and recovery of files. */
public final class FileModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(FileOpener.class);
    bind(RecentFiles.class);
    bind(DropTarget.class);
    bind(FileActions.class);
    bind(Recovery.class);
    bind(MistakeLog.class);
    Multibinder.newSetBinder(binder(), ActionSource.class).addBinding().to(FileActions.class);
  }
}
