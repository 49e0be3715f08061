package org.iommulab.ui.editor;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.Multibinder;
import org.iommulab.ui.view.part.LabPane;

/** The lesson editor. */
public final class EditorModule extends AbstractModule {

  @Override
  protected void configure() {
    bind(EditorModel.class);
    bind(EditorPane.class);
    Multibinder.newSetBinder(binder(), LabPane.class).addBinding().to(EditorPane.class);
  }
}
