/** Words in Markdown as nodes of the window. May import nothing of the laboratory. */
package org.iommulab.ui.prose;
