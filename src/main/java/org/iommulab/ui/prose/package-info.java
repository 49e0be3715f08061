/** Words in Markdown as nodes of the window. May import {@code ui}. */
package org.iommulab.ui.prose;
